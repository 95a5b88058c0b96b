import { RECORD_PARAMETERS, recordColumns, recordsCte } from '../../access-log/insert-records.js';
import { DELIVERY_CHANNEL, MAX_RECIPIENTS_TOLD } from '../../delivery/delivery-signal.js';
import type { Writer } from '../../storage/transaction.js';
import { CASE_PARTS } from './write-case-parts.js';
import { EARLIER_PARTS, MESSAGE_PARTS, recipients } from './write-message-parts.js';
import type { WritePart } from './write-part.js';
import type { WriteSet } from './write-set.js';

/** In the order of their writing. */
const WRITE_PARTS: readonly WritePart[] = [...CASE_PARTS, ...MESSAGE_PARTS, ...EARLIER_PARTS];

interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Statements by which parts they hold. Few combinations occur; a batch that has them all is a combination too. */
const statements = new Map<string, Statement>();

/**
 * Writes the batch in one statement that holds only the parts with rows: a part without rows still opens its table, and
 * a table that is cut up by month is opened in every month. Constraint violations reject; the caller rolls back and
 * replays one by one.
 */
export async function writeBatch(writer: Writer, set: WriteSet): Promise<void> {
  const parts: WritePart[] = [];
  const values: unknown[] = recordColumns(set.records);
  for (const part of WRITE_PARTS) {
    const columns = part.columns(set);
    if (columns === null) continue;
    parts.push(part);
    values.push(...columns);
  }
  if (parts.length === 0 && set.records.length === 0) return;
  const { name, text } = statementOf(parts);
  if (tells(parts)) values.push(told(set));
  await writer.query({ name, text, values });
}

function statementOf(parts: readonly WritePart[]): Statement {
  const key = parts.map((part) => part.name).join(' ');
  const known = statements.get(key);
  if (known) return known;
  const made = { name: `accept-write-${statements.size + 1}`, text: composed(parts) };
  statements.set(key, made);
  return made;
}

/** The parts in their order, each with its parameters moved behind those of the parts before it. */
function composed(parts: readonly WritePart[]): string {
  let last = RECORD_PARAMETERS;
  const ctes = parts.map(({ name, sql }) => {
    const before = last;
    const text = sql.replace(/\$(\d+)/g, (_, n: string) => {
      last = Math.max(last, before + Number(n));
      return `$${before + Number(n)}`;
    });
    return `${name} AS (${text})`;
  });
  const tell = tells(parts) ? `SELECT pg_notify('${DELIVERY_CHANNEL}', $${last + 1})` : 'SELECT';
  return `WITH ${[recordsCte(1), ...ctes].join(',\n')}\n${tell}`;
}

const tells = (parts: readonly WritePart[]): boolean => parts.some(({ name }) => name === 'new_delivery');

/** Those for whom there is something once this is committed; nobody by name stands for everybody. */
function told(set: WriteSet): string {
  const oins = recipients(set).map(([oin]) => oin);
  return oins.length > MAX_RECIPIENTS_TOLD ? '' : oins.join(' ');
}
