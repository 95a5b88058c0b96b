import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

  it('wants a certificate by value or by file, not both and not neither', () => {
    const withCertificate = (certificate: object): object => ({
      peers: [{ oin: DELFT, name: 'Delft', kind: 'MUNICIPALITY', certificates: [certificate] }],
    });
    const thumbprint = 'a'.repeat(64);
    expect(() => parseRegisterDocument(withCertificate({ thumbprint }))).not.toThrow();
    expect(() => parseRegisterDocument(withCertificate({}))).toThrow('/peers/0/certificates/0');
    expect(() => parseRegisterDocument(withCertificate({ thumbprint, file: 'a.crt' }))).toThrow('exactly one');
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
