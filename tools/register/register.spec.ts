import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatVerifierKey, noteVerifier } from '#ledger/verifier-key.js';
import { parseRegisterDocument } from './parse-document.js';
import { registerRows } from './register-rows.js';

const DELFT = '00000099000000000106';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ketenpoort-register-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('register document', () => {
  it('takes a pilot that no code knows', () => {
    const pilots = [{ code: 'DEL', name: 'Delft', municipalityOin: DELFT, municipalityCode: '0503' }];
    expect(parseRegisterDocument({ pilots })).toEqual({ pilots });
  });

  it('says everything that is wrong at once, as pointers', () => {
    const document = {
      pilots: [{ code: 'delft', name: '', municipalityOin: '1', municipalityCode: '0503' }],
      peers: [{ oin: DELFT, name: 'Delft', kind: 'TOWN' }],
      pilot: [],
    };
    expect(() => parseRegisterDocument(document)).toThrow(
      expect.objectContaining({
        problems: expect.arrayContaining([
          expect.stringMatching(/^\/pilots\/0\/code /),
          expect.stringMatching(/^\/pilots\/0\/name /),
          expect.stringMatching(/^\/pilots\/0\/municipalityOin /),
          expect.stringMatching(/^\/peers\/0\/kind /),
          expect.stringMatching(/^\/ must NOT have additional properties: pilot$/),
        ]) as unknown,
      }),
    );
  });

  it('refuses a role of an officer for which the gateway opens nothing, and names those that it knows', () => {
    const officers = (role: string) => ({
      officers: [{ name: 'FG Delft', organisationOin: DELFT, role, thumbprint: 'a'.repeat(64) }],
    });
    expect(() => parseRegisterDocument(officers('FG'))).not.toThrow();
    expect(() => parseRegisterDocument(officers('FGG'))).toThrow(/^.*\/officers\/0\/role .*: FG$/m);
  });

  it('wants a certificate by value or by file, not both and not neither', () => {
    const withCertificate = (certificate: object): object => ({
      peers: [{ oin: DELFT, name: 'Delft', kind: 'MUNICIPALITY', certificates: [certificate] }],
    });
    const thumbprint = 'a'.repeat(64);
    expect(() => parseRegisterDocument(withCertificate({ thumbprint }))).not.toThrow();
    expect(() => parseRegisterDocument(withCertificate({}))).toThrow('/peers/0/certificates/0');
    expect(() => parseRegisterDocument(withCertificate({ thumbprint, file: 'a.crt' }))).toThrow('exactly one');
  });

  it('takes a witness with the key of that name that cosigns, at an organisation or at an address', async () => {
    const vkey = (type?: 'cosignature/v1'): string =>
      formatVerifierKey(noteVerifier('witness.example', generateKeyPairSync('ed25519').publicKey, type));
    const rows = async (witness: object) => registerRows(parseRegisterDocument({ witnesses: [witness] }), folder);
    const good = { name: 'witness.example', vkey: vkey('cosignature/v1'), oin: DELFT };
    expect((await rows(good)).witness).toEqual([{ ...good, url: null, active: true }]);
    await expect(rows({ ...good, url: 'https://witness.example' })).rejects.toThrow('exactly one');
    await expect(rows({ ...good, name: 'another.example' })).rejects.toThrow('not a cosignature/v1 key of that name');
    await expect(rows({ ...good, vkey: vkey() })).rejects.toThrow('not a cosignature/v1 key of that name');
    await expect(rows({ ...good, vkey: 'witness.example+0+x' })).rejects.toThrow('cannot be read');
  });

  it('names the file of a certificate that cannot be read', async () => {
    await writeFile(join(folder, 'broken.crt'), 'no certificate');
    const entry = (file: string) => ({
      peers: [{ oin: DELFT, name: 'D', kind: 'NGO' as const, certificates: [{ file }] }],
    });
    await expect(registerRows(entry('absent.crt'), folder)).rejects.toThrow('certificate absent.crt cannot be read');
    await expect(registerRows(entry('broken.crt'), folder)).rejects.toThrow('certificate broken.crt cannot be read');
  });
});
