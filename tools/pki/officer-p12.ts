import { createPrivateKey, webcrypto } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { derBlocks } from '#identity/certificate.js';
import type { Issued } from './authority.js';

const KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
/** PBKDF2 rounds; the demo's password is public, so more would only cost start-up time. */
const ITERATIONS = 10_000;

/**
 * PKCS#12 (RFC 7292) of a certificate and its key, as browsers import it: key under AES-256, HMAC-SHA-256 over all.
 * @param friendlyName shown by the browser
 */
export async function officerP12(issued: Issued, friendlyName: string, password: string): Promise<Uint8Array> {
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }));
  const secret = Uint8Array.from(Buffer.from(password, 'utf8')).buffer;
  const [certificateDer] = derBlocks(issued.certPem, 'CERTIFICATE');
  if (certificateDer === undefined) throw new Error('issued certificate is empty');
  const attributes = () => bagAttributes(friendlyName);
  const keyBag = await shroudedKey(issued.keyPem, secret);
  const pfx = new pkijs.PFX({
    parsedValue: {
      integrityMode: 0,
      authenticatedSafe: new pkijs.AuthenticatedSafe({
        parsedValue: {
          safeContents: [
            bag(new pkijs.SafeBag({ bagId: KEY_BAG, bagValue: keyBag, bagAttributes: attributes() })),
            bag(
              new pkijs.SafeBag({
                bagId: CERTIFICATE_BAG,
                bagValue: new pkijs.CertBag({ parsedValue: pkijs.Certificate.fromBER(certificateDer) }),
                bagAttributes: attributes(),
              }),
            ),
          ],
        },
      }),
    },
  });
  await pfx.parsedValue?.authenticatedSafe?.makeInternalValues({ safeContents: [{}, {}] });
  await pfx.makeInternalValues({
    password: secret,
    iterations: ITERATIONS,
    pbkdf2HashAlgorithm: { name: 'SHA-256' },
    hmacHashAlgorithm: 'SHA-256',
  });
  return new Uint8Array(pfx.toSchema().toBER());
}

function bag(safeBag: pkijs.SafeBag) {
  return { privacyMode: 0, value: new pkijs.SafeContents({ safeBags: [safeBag] }) };
}

async function shroudedKey(keyPem: string, password: ArrayBuffer): Promise<pkijs.PKCS8ShroudedKeyBag> {
  const der = createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' });
  const key = new pkijs.PKCS8ShroudedKeyBag({
    parsedValue: pkijs.PrivateKeyInfo.fromBER(Uint8Array.from(der)),
  });
  await key.makeInternalValues({
    password,
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: ITERATIONS,
  });
  return key;
}

/** The local key id ties certificate and key together; without it browsers import them as two things. */
function bagAttributes(friendlyName: string): pkijs.Attribute[] {
  return [
    new pkijs.Attribute({ type: FRIENDLY_NAME, values: [new asn1js.BmpString({ value: friendlyName })] }),
    new pkijs.Attribute({ type: LOCAL_KEY_ID, values: [new asn1js.OctetString({ valueHex: new Uint8Array([1]) })] }),
  ];
}
