import pg from 'pg';
import { parseRegisterDocument } from './parse-document.js';
import { RegisterDocumentError, type RegisterDocument } from './register-document.js';
import { registerRows } from './register-rows.js';

const CONNECT_TIMEOUT_MS = 5_000;

interface TableForm {
  readonly name: string;
  readonly key: readonly string[];
  /** Column and its type, in the order of the statement. */
  readonly columns: Readonly<Record<string, string>>;
}

/** In the order of their foreign keys. */
const TABLES: readonly TableForm[] = [
  {
    name: 'peer',
    key: ['oin'],
    columns: { oin: 'text', name: 'text', kind: 'text', pilot: 'text', active: 'boolean' },
  },
  {
    name: 'peer_certificate',
    key: ['thumbprint'],
    columns: { thumbprint: 'text', oin: 'text', label: 'text', active: 'boolean' },
  },
  {
    name: 'officer',
    key: ['thumbprint'],
    columns: { thumbprint: 'text', name: 'text', organisation_oin: 'text', role: 'text', active: 'boolean' },
  },
  {
    name: 'pilot',
    key: ['code'],
    columns: { code: 'text', name: 'text', municipality_code: 'text' },
  },
  {
    name: 'pilot_capacity',
    key: ['pilot', 'valid_from'],
    columns: { pilot: 'text', agreed_places: 'int', valid_from: 'date', valid_to: 'date' },
  },
  {
    name: 'covenant',
    key: ['id'],
    columns: { id: 'text', pilot: 'text', valid_from: 'date', valid_to: 'date', parties: 'jsonb' },
  },
  {
    name: 'local_policy',
    key: ['pilot', 'key', 'valid_from'],
    columns: { pilot: 'text', key: 'text', value: 'jsonb', valid_from: 'date', valid_to: 'date' },
  },
  {
    name: 'witness',
    key: ['name'],
    columns: { name: 'text', vkey: 'text', oin: 'text', url: 'text', active: 'boolean' },
  },
  {
    name: 'route_basis',
    key: ['contract', 'receiver_kind', 'valid_from'],
    columns: { contract: 'text', receiver_kind: 'text', basis: 'text', valid_from: 'date', valid_to: 'date' },
  },
];

/** Set apart from the pilot, so that applying the pilot alone never unsets who speaks for it. */
const MUNICIPALITIES = `UPDATE ketenpoort.pilot AS known SET municipality_oin = given.oin
  FROM jsonb_to_recordset($1::jsonb) AS given (pilot text, oin text)
  WHERE known.code = given.pilot AND known.municipality_oin IS DISTINCT FROM given.oin`;
const STRANGERS = `SELECT DISTINCT pilot FROM jsonb_to_recordset($1::jsonb) AS given (pilot text)
  WHERE NOT EXISTS (SELECT 1 FROM ketenpoort.pilot WHERE code = given.pilot) ORDER BY pilot`;

/** How many rows of each table were added or changed; an unchanged row does not count. */
export type RegisterChanges = Readonly<Record<string, number>>;

/**
 * Brings the register up to what the documents say together, in one transaction; their order does not matter and applying
 * them again changes nothing. Certificate files are read relative to `folder` (default: the working folder). Throws
 * RegisterDocumentError on a bad document, or one that leans on a pilot or peer that nobody registered.
 */
export async function applyRegister(
  ownerUrl: string,
  documents: RegisterDocument | readonly RegisterDocument[],
  folder = '.',
): Promise<RegisterChanges> {
  const parts = await Promise.all(
    [documents].flat().map(async (document) => await registerRows(parseRegisterDocument(document), folder)),
  );
  const rowsOf = (table: string): string => JSON.stringify(parts.flatMap((part) => part[table] ?? []));
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    await client.query('BEGIN');
    const changes: Record<string, number> = {};
    for (const table of TABLES) {
      const { rowCount } = await client.query(upsert(table), [rowsOf(table.name)]);
      changes[table.name] = rowCount ?? 0;
    }
    changes.municipality = await applyMunicipalities(client, rowsOf('municipality'));
    await client.query('COMMIT');
    return changes;
  } catch (error) {
    await client.query('ROLLBACK');
    throw readable(error);
  } finally {
    await client.end();
  }
}

async function applyMunicipalities(client: pg.Client, rows: string): Promise<number> {
  const { rows: strangers } = await client.query<{ pilot: string }>(STRANGERS, [rows]);
  if (strangers.length > 0) {
    throw new RegisterDocumentError(strangers.map(({ pilot }) => `pilot ${pilot} is not registered`));
  }
  return (await client.query(MUNICIPALITIES, [rows])).rowCount ?? 0;
}

function upsert({ name, key, columns }: TableForm): string {
  const all = Object.keys(columns);
  const values = all.filter((column) => !key.includes(column));
  const typed = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  const row = (prefix: string): string => `(${values.map((column) => `${prefix}.${column}`).join(', ')})`;
  return `INSERT INTO ketenpoort.${name} AS known (${all.join(', ')})
    SELECT ${all.join(', ')} FROM jsonb_to_recordset($1::jsonb) AS given (${typed.join(', ')})
    ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${values.map((column) => `${column} = excluded.${column}`).join(', ')}
    WHERE ${row('known')} IS DISTINCT FROM ${row('excluded')}`;
}

/** What the database refuses is a mistake in the document too: a pilot that nobody registered, a row given twice. */
function readable(error: unknown): unknown {
  const { code, message, detail } = error as { code?: string; message: string; detail?: string };
  const isData = code !== undefined && (code.startsWith('23') || code.startsWith('22') || code === '21000');
  return isData ? new RegisterDocumentError([`${message}${detail ? ` (${detail})` : ''}`]) : error;
}
