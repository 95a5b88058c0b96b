import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readSecretFile } from '#identity/key-file.js';
import { NoteSigner } from '#ledger/signed-note.js';
import { formatVerifierKey } from '#ledger/verifier-key.js';
import { GatewayStartError } from '../../start-error.js';

/** The private key of the log. An epoch signs under its own origin, so one key makes one signer for each. */
export class LogKey {
  private constructor(private readonly privateKey: KeyObject) {}

  /** From Ed25519 PKCS#8 PEM. Throws when it is another kind of key. */
  static from(pem: string): LogKey {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('the key of the log is an Ed25519 key');
    return new LogKey(key);
  }

  signerOf(origin: string): NoteSigner {
    return NoteSigner.from(origin, this.privateKey);
  }

  /** Verifier key of C2SP signed-note: what whoever verifies this log has to trust. */
  verifierKeyOf(origin: string): string {
    return formatVerifierKey(this.signerOf(origin).verifier);
  }
}

/** Reads LOG_KEY_FILE. @throws IdentityError (missing, readable by others), GatewayStartError (another kind of key) */
export async function readLogKey(path: string): Promise<LogKey> {
  const pem = (await readSecretFile(path)).toString('utf8');
  try {
    return LogKey.from(pem);
  } catch {
    const nextStep = `Make one with: (umask 077; openssl genpkey -algorithm ed25519 -out ${path}), or put the right one back.`;
    throw new GatewayStartError([{ cause: `Key file ${path} holds no Ed25519 private key (PKCS#8 PEM)`, nextStep }]);
  }
}
