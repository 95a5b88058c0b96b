import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leafHash } from '#ledger/hash.js';
import { verifyInclusion } from '#ledger/proofs.js';
import { pdfText } from './support/pdf-text.js';
import { EMPLOYEE, expectStatus, LOOKS, OIN, oinsOf, ReportStory } from './support/report-story.js';
import { until } from './support/until.js';
import { peer } from './support/world.js';

const LIMIT_MS = 90_000;

const POLICE = peer('avim');
let story: ReportStory;

beforeAll(async () => {
  story = await ReportStory.open();
  await story.made();
  const lines = (await story.read('fg-ams', `/parts/${OIN.ams}?limit=1`)).body as { items: { entryId: string }[] };
  const withheld = [{ entryId: lines.items[0]?.entryId, ground: 'UAVG_41_1_I' }];
  await expectStatus(200, story.act('fg-ams', OIN.ams, 'release', { withheld }));
  await expectStatus(200, story.act('fg-dtv', OIN.dtv, 'release', { withheld: [] }));
  await expectStatus(200, story.act('fg-ind', OIN.ind, 'extension', { ground: 'COMPLEX' }));
}, LIMIT_MS);
afterAll(() => story.world.close());

describe('the document for the resident', () => {
  it('says who did what, why, on what ground, with which kinds of data; refusals as well', async () => {
    const { groups, organisations } = await story.document();
    expect(groups).toContainEqual(
      expect.objectContaining({
        organisation: peer('ams').title,
        what: 'Las een bericht over u (dossierdeel IND)',
        outcome: 'Toegestaan',
        purpose: 'om uw dossier samen te stellen',
        source: peer('ind').title,
        data: expect.arrayContaining(['uw verblijfsstatus en procedures']),
      }),
    );
    const stranger = groups.find(({ organisation }) => organisation === peer('utr').title);
    expect(stranger?.outcome).toBe('Geweigerd, niets verstrekt: deze organisatie had niets met uw zaak te maken');
    expect(groups.some(({ outcome }) => outcome === 'Geweigerd, niets verstrekt: het doel klopte niet')).toBe(true);
    expect(groups.some(({ recipients }) => recipients.includes(peer('dtv').title))).toBe(true);
    const looks = groups.find(({ count }) => count === LOOKS);
    expect([looks?.organisation, looks?.what]).toEqual([peer('dtv').title, 'Bekeek de stand van uw zaak']);
    const waiting = organisations.find(({ name }) => name === peer('ind').title);
    expect(waiting?.answer).toMatch(/heeft nog niet geantwoord\. .* uiterlijk op .* meer tijd gevraagd\.$/);
  });

  it('comes as a table that no spreadsheet takes for formulas, without byte order mark', async () => {
    const table = (await story.file('csv')).toString('utf8');
    expect(table.startsWith('"nummer";"moment"')).toBe(true);
    const rows = table.trimEnd().split('\r\n');
    const { entries } = await story.document();
    expect(rows.filter((row) => /^"[0-9]+";/.test(row))).toHaveLength(entries.length);
    expect(rows.filter((row) => row.includes('"Niet getoond"'))).toHaveLength(2);
  });

  it('comes on paper, tagged, in Dutch and with a title', async () => {
    const pdf = await story.file('pdf');
    const source = pdf.toString('latin1');
    expect(source.startsWith('%PDF-1.7')).toBe(true);
    for (const mark of ['/Lang (nl-NL)', '/Marked true', '/StructTreeRoot', '/DisplayDocTitle true'])
      expect([mark, source.includes(mark)]).toEqual([mark, true]);
    const text = pdfText(pdf);
    for (const words of ['Wie heeft uw gegevens gezien?', 'Autoriteit Persoonsgegevens', 'Geweigerd, niets verstrekt'])
      expect([words, text.includes(words)]).toEqual([words, true]);
    const { entries } = await story.document();
    const joined = text.replaceAll(' ', '');
    for (const { id } of entries) expect([id, joined.includes(id)]).toEqual([id, true]);
  });

  it('names no employee, no person and no number of a person, in no form', async () => {
    const officers = ['fg-ams', 'fg-ind'].map((name) => story.world.pki.thumbprint(name));
    const secrets = [EMPLOYEE, story.person.vNumber, story.person.familyName, ...officers];
    for (const text of await everyForm())
      for (const secret of secrets) expect([secret, text.includes(secret)]).toEqual([secret, false]);
  });

  it('has no trace of the police, which has not released its part', async () => {
    for (const text of await everyForm())
      for (const trace of [POLICE.oin, POLICE.title, 'aanvulling AVIM', 'politiegegevens: gegevens'])
        expect([trace, text.includes(trace)]).toEqual([trace, false]);
  });

  it('has the part of the police once that has released it', async () => {
    await expectStatus(200, story.act('fg-avim', OIN.avim, 'release', { withheld: [] }));
    const { groups, organisations } = await story.document();
    expect(organisations.map(({ name }) => name)).toContain(POLICE.title);
    expect(groups).toContainEqual(expect.objectContaining({ organisation: peer('ams').title, source: POLICE.title }));
    expect(groups.some(({ recipients }) => recipients.includes(POLICE.title))).toBe(true);
    expect(oinsOf(await story.read('fg-ams', ''))).toContain(OIN.avim);
  });
});

/** Every form of the document as text, what is in base64 opened. */
async function everyForm(): Promise<readonly string[]> {
  const forms: Buffer[] = [];
  for (const format of ['json', 'csv', 'pdf', 'proofs']) forms.push(await story.file(format));
  const [json, csv, pdf, proofs] = forms as [Buffer, Buffer, Buffer, Buffer];
  const bundle = proofs.toString('utf8');
  const opened = bundle.replace(/"([A-Za-z0-9+/]{40,}={0,2})"/g, (_all, text: string) => Buffer.from(text, 'base64').toString('latin1'));
  return [json.toString('utf8'), csv.toString('utf8'), pdfText(pdf), bundle, opened];
} // prettier-ignore

interface Bundle {
  readonly key: string;
  readonly checkpoint: string;
  readonly items: readonly { recordId: string; index: number; entry: string; proof: string[]; checkpoint: { size: number; root: string }; record?: { canonical: string; salt: string }; withoutRecord?: string }[];
  readonly pending: readonly string[];
} // prettier-ignore

describe('the proofs', () => {
  it('lead from every line to a signed checkpoint; the record goes along unless it names an employee or others', async () => {
    const { entries } = await story.document();
    const bundle = await until('every line is in a checkpoint', 10_000, async () => {
      const made = JSON.parse((await story.file('proofs')).toString('utf8')) as Bundle;
      return made.pending.length === 0 ? made : null;
    });
    expect(bundle.items.map((item) => item.recordId)).toEqual(entries.map((entry) => entry.id));
    for (const { index, entry, proof, checkpoint } of bundle.items) {
      const claim = { index, size: checkpoint.size, leaf: leafHash(Buffer.from(entry, 'base64')) };
      const hashes = {
        proof: proof.map((one) => Buffer.from(one, 'base64')),
        root: Buffer.from(checkpoint.root, 'base64'),
      };
      expect(verifyInclusion({ ...claim, ...hashes })).toBe(true);
    }
    const look = bundle.items.find((item) => item.withoutRecord?.includes('medewerker'));
    expect([look?.record, bundle.items.some((item) => item.record !== undefined)]).toEqual([undefined, true]);
  });

  it('are accepted by the verifier, and not when a byte of one is another', async () => {
    const bundle = JSON.parse((await story.file('proofs')).toString('utf8')) as Bundle;
    expect(verified(bundle)).toBe(0);
    const [first, ...rest] = bundle.items;
    const broken = { ...first, entry: Buffer.alloc(36, 1).toString('base64') };
    expect(verified({ ...bundle, items: [broken, ...rest] })).toBe(1);
  });
});

/** Exit code of the verifier on this bundle, which trusts the key alone. */
function verified(bundle: Pick<Bundle, 'key'> & { readonly items: readonly object[] }): number | null {
  const [bundleFile, keyFile] = [join(story.world.folder, 'bundle.json'), join(story.world.folder, 'log.vkey')];
  writeFileSync(bundleFile, JSON.stringify(bundle));
  writeFileSync(keyFile, `${bundle.key}\n`);
  const verifier = ['dist/apps/verify/src/main.js', 'proof', bundleFile, '--key', keyFile];
  return spawnSync(process.execPath, verifier, { timeout: 20_000 }).status;
}
