import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pilotOnDate } from '../apps/gateway/src/cases/register.js';
import { loadPeers, loadRegister, loadRouteBases } from '../apps/gateway/src/storage/register-reader.js';
import { applyRegister } from '../tools/register/apply-register.js';
import type { RegisterDocument } from '../tools/register/register-document.js';
import { openOwnDatabase, refusalOf, type OwnDatabase } from './support/own-database.js';

const AMS = '00000099000000000101';

const REGISTER: RegisterDocument = {
  peers: [
    {
      oin: AMS,
      name: 'Gemeente Amsterdam (proef)',
      kind: 'MUNICIPALITY',
      pilot: 'AMS',
      certificates: [{ thumbprint: 'a'.repeat(64) }, { thumbprint: 'b'.repeat(64), label: 'next', active: false }],
    },
  ],
  officers: [{ name: 'FG Amsterdam', organisationOin: AMS, role: 'FG', thumbprint: 'c'.repeat(64) }],
  pilots: [{ code: 'AMS', name: 'Amsterdam', municipalityOin: AMS, municipalityCode: '0363' }],
  capacities: [{ pilot: 'AMS', agreedPlaces: 500, validFrom: '2026-01-01' }],
  covenants: [{ id: 'AMS-1', pilot: 'AMS', validFrom: '2026-01-01', validTo: '2027-12-31', parties: [AMS] }],
  policies: [{ pilot: 'AMS', key: 'max_nights', value: { nights: 14 }, validFrom: '2026-01-01' }],
  routeBases: [
    { contract: 'M02', receiverKind: 'AVIM', basis: 'LB5', validFrom: '2026-01-01' },
    { contract: 'M05', receiverKind: 'AVIM', basis: 'LB5', validFrom: '2026-01-01', validTo: '2026-02-01' },
  ],
};

let database: OwnDatabase;

beforeAll(async () => {
  database = await openOwnDatabase();
  await applyRegister(database.urls.owner, REGISTER);
}, 60_000);
afterAll(async () => await database.close());

describe('register', () => {
  const apply = (documents: RegisterDocument | readonly RegisterDocument[]) =>
    applyRegister(database.urls.owner, documents);
  const total = (changes: Readonly<Record<string, number>>): number =>
    Object.values(changes).reduce((a, b) => a + b, 0);

  it('changes nothing when the same document is applied again', async () => {
    expect(total(await apply(REGISTER))).toBe(0);
  });

  it('is read back as the gateway needs it', async () => {
    expect(await loadPeers(database.app)).toEqual([
      {
        oin: AMS,
        name: 'Gemeente Amsterdam (proef)',
        kind: 'MUNICIPALITY',
        pilot: 'AMS',
        active: true,
        thumbprints: ['a'.repeat(64)],
      },
    ]);
    const pilot = pilotOnDate(await loadRegister(database.app), 'AMS', '2026-11-22');
    expect(pilot).toEqual({
      code: 'AMS',
      municipalityOin: AMS,
      covenantId: 'AMS-1',
      policy: { max_nights: { nights: 14 } },
    });
    expect(await loadRouteBases(database.app, '2026-11-22')).toEqual([
      { contract: 'M02', receiverKind: 'AVIM', basis: 'LB5' },
    ]);
  });

  it('takes a new pilot as data, and one change as one change', async () => {
    const pilots = [{ code: 'DEL', name: 'Delft', municipalityOin: AMS, municipalityCode: '0503' }];
    expect(total(await apply({ pilots }))).toBe(2); // the pilot, and who speaks for it
    expect(total(await apply({ pilots: [{ ...pilots[0]!, name: 'Delft (proef)' }] }))).toBe(1);
    expect((await loadRegister(database.app)).pilots.map((one) => one.name)).toEqual(['Amsterdam', 'Delft (proef)']);
  });

  it('takes documents that need each other in any order, and the pilots of the letters among them', async () => {
    const folder = join(process.cwd(), 'apps', 'gateway', 'register');
    const files = (await readdir(folder)).sort().reverse();
    const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8')) as RegisterDocument;
    const documents = await Promise.all(files.map(read));
    expect(total(await apply(documents))).toBeGreaterThan(0);
    expect(total(await apply(documents.reverse()))).toBe(0);
    const codes = (await loadRegister(database.app)).pilots.map((one) => one.code);
    expect(codes).toEqual(expect.arrayContaining(['AMS', 'EHV', 'GRO', 'ROT', 'UTR']));
  });

  it('shows a pilot only once an organisation speaks for it, and keeps that when the pilot is applied again', async () => {
    const pilots = [{ code: 'ZZZ', name: 'Nog zonder gemeente', municipalityCode: '9999' }];
    const seen = async () =>
      (await loadRegister(database.app)).pilots.find((one) => one.code === 'ZZZ')?.municipalityOin;
    await apply({ pilots });
    expect(await seen()).toBeUndefined();
    await apply({ municipalities: [{ pilot: 'ZZZ', oin: AMS }] });
    await apply({ pilots });
    expect(await seen()).toBe(AMS);
    await expect(apply({ municipalities: [{ pilot: 'QQQ', oin: AMS }] })).rejects.toThrow(
      'pilot QQQ is not registered',
    );
  });

  it('writes nothing of a document of which one part is refused', async () => {
    const document: RegisterDocument = {
      pilots: [{ code: 'XXX', name: 'Nergens', municipalityOin: AMS, municipalityCode: '0000' }],
      capacities: [{ pilot: 'YYY', agreedPlaces: 1, validFrom: '2026-01-01' }],
    };
    await expect(apply(document)).rejects.toThrow('Key (pilot)=(YYY) is not present');
    expect((await loadRegister(database.app)).pilots.some((one) => one.code === 'XXX')).toBe(false);
  });

  it('cannot be written by the gateway', async () => {
    expect(await refusalOf(database.urls.app, 'UPDATE ketenpoort.peer SET active = true')).toBe('42501');
  });
});
