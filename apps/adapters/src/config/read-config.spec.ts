import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoPki, ensureDemoPki } from '../../../../tools/pki/demo-pki.js';
import { CATALOGUE, IND_PART } from '../testing/contracts.js';
import { SECRET, loadAgency, writeAgency } from '../testing/test-agency.js';
import { ConfigError } from './config.js';
import { loadConfig } from './read-config.js';

let pki: DemoPki;

beforeAll(async () => {
  pki = await ensureDemoPki(await mkdtemp(join(tmpdir(), 'kp-config-')));
}, 30_000);

afterAll(() => rm(pki.dir, { recursive: true }));

async function refusal(change: Readonly<Record<string, unknown>>): Promise<string> {
  const error = await loadAgency(pki, change).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).message;
}

describe('loadConfig', () => {
  it('reads a complete configuration, with paths relative to the file', async () => {
    const file = await writeAgency(pki);
    const { config, secret } = await loadConfig(file, CATALOGUE);
    expect(config.stateDir).toBe(join(dirname(file), 'state'));
    expect(config.connector).toEqual({ kind: 'folder', path: join(dirname(file), 'drop') });
    expect(config.delivery).toEqual({ tries: 2, firstDelayMs: 10, maxDelayMs: 50, concurrency: 16 });
    expect(secret).toBe(SECRET);
    expect(Object.isFrozen(config.gateway)).toBe(true);
  });

  it('refuses a certificate of another organisation', async () => {
    expect(await refusal({ oin: '00000099000000000102' })).toContain('the certificate is of OIN 00000099000000000101');
  });

  it('refuses a contract without purpose and processing activity, and says which purposes there are', async () => {
    const message = await refusal({ contracts: {} });
    expect(message).toContain(`M08 ${IND_PART.type} can be sent to MUNICIPALITY`);
    expect(message).toContain('P03, P04');
  });

  it('refuses a secret or key that others can read', async () => {
    const file = await writeAgency(pki);
    await chmod(join(dirname(file), 'secret'), 0o644);
    await expect(loadConfig(file, CATALOGUE)).rejects.toThrow('chmod 600');
    const { keyFile, certFile } = pki.files('ams');
    const exposed = join(pki.dir, 'exposed.key');
    await writeFile(exposed, await readFile(keyFile), { mode: 0o640 });
    const message = await refusal({
      gateway: { url: 'https://localhost:1', certFile, keyFile: exposed, caFile: pki.caFile },
    });
    expect(message).toContain('chmod 600');
  });

  it('refuses a secret that could be guessed', async () => {
    const file = await writeAgency(pki);
    await writeFile(join(dirname(file), 'secret'), 'short\n');
    await expect(loadConfig(file, CATALOGUE)).rejects.toThrow('shorter than 32');
  });

  it('refuses to send content in clear beyond this machine', async () => {
    expect(await refusal({ connector: { kind: 'webhook', url: 'http://zaaksysteem.example/events' } })).toContain(
      '/connector/url',
    );
    await expect(
      loadAgency(pki, { connector: { kind: 'webhook', url: 'http://127.0.0.1:80/x' } }),
    ).resolves.toBeDefined();
    await expect(
      loadAgency(pki, { connector: { kind: 'webhook', url: 'https://zaaksysteem.example/x' } }),
    ).resolves.toBeDefined();
  });

  it('takes as name of the system what the gateway takes in a source, and nothing else', async () => {
    await expect(loadAgency(pki, { system: 'zaak-systeem.2' })).resolves.toBeDefined();
    for (const system of ['Zaaksysteem', 'zaak_systeem', '-zaak', '', 'x'.repeat(64)])
      expect(await refusal({ system })).toContain('/system');
  });

  it('names every mistake in the form of the file at once', async () => {
    const message = await refusal({ oin: '12', kind: 'CITY', typo: true });
    expect(message).toContain('/oin');
    expect(message).toContain('/kind');
    expect(message).toContain("'typo'");
  });

  it('says so when there is no such file, or no JSON in it', async () => {
    await expect(loadConfig('/nowhere/ams.json', CATALOGUE)).rejects.toThrow('cannot be read');
    const file = await writeAgency(pki);
    await writeFile(file, '{');
    await expect(loadConfig(file, CATALOGUE)).rejects.toThrow('not valid JSON');
  });
});
