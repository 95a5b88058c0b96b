import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { erasureOf, type Erasure } from '../../apps/gateway/src/retention/erasure.js';
import { readJournal } from '../../apps/gateway/src/retention/erasure-journal.js';
import { readErasures } from '../../apps/gateway/src/retention/read-erasures.js';
import { wrong } from './session.js';

const SALT_BYTES = 32;
const LENGTH_BYTES = 4;
/** Only records that hold this are parsed: one in many thousands. */
const KIND = Buffer.from('"kind":"ERASURE"');

/** The erasures that an export, another database or the journal knows, oldest first. @throws GatewayStartError */
export async function erasuresOf(
  folder: string | undefined,
  databaseUrl: string | undefined,
  journal: string | null,
): Promise<readonly Erasure[]> {
  if (folder !== undefined) return inOrder(await ofExport(folder));
  if (databaseUrl !== undefined) return ofDatabase(databaseUrl);
  if (journal !== null) return inOrder(await readJournal(journal));
  throw wrong(
    'Nothing says which erasures were made',
    'Give --from, --from-database or ERASURE_JOURNAL_FILE; see --help.',
  );
}

const inOrder = (erasures: readonly Erasure[]): readonly Erasure[] =>
  erasures.toSorted((a, b) => (a.at < b.at ? -1 : 1));

async function ofDatabase(url: string): Promise<readonly Erasure[]> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    return await readErasures(pool);
  } finally {
    await pool.end();
  }
}

/** Every `records/**.bin` of every epoch: for each leaf the length of its record, its salt, and its canonical bytes. */
async function ofExport(folder: string): Promise<Erasure[]> {
  const files = await readdir(folder, { recursive: true }).catch(() => {
    throw wrong(`There is no export in ${folder}`, 'Make one with: npm run log -- export --out <folder>');
  });
  const bundles = files.filter((file) => /(^|\/)records\/.*\.bin$/.test(file));
  if (bundles.length === 0)
    throw wrong(`${folder} holds no records`, 'Make one with: npm run log -- export --out <folder>');
  const erasures: Erasure[] = [];
  for (const file of bundles) erasures.push(...erasuresIn(await readFile(join(folder, file)), file));
  return erasures;
}

export function erasuresIn(bundle: Buffer, name: string): readonly Erasure[] {
  const erasures: Erasure[] = [];
  for (let at = 0; at < bundle.length;) {
    const length = at + LENGTH_BYTES <= bundle.length ? bundle.readUInt32BE(at) : Infinity;
    const start = at + LENGTH_BYTES + (length === 0 ? 0 : SALT_BYTES);
    if (start + length > bundle.length) throw wrong(`${name} is cut off`, 'Make the export again, or verify it.');
    const record = bundle.subarray(start, start + length);
    if (record.includes(KIND))
      erasures.push(...[erasureOf(JSON.parse(record.toString('utf8')))].flatMap((one) => one ?? []));
    at = start + length;
  }
  return erasures;
}
