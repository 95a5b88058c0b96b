import { byteaArray, jsonbArray } from '../../storage/binary-array.js';
import type { WriteSet } from './write-set.js';

/** `$1` to `$n` in `sql` are the arrays of `columns`: one a column, one element a row. */
export interface WritePart {
  readonly name: string;
  readonly sql: string;
  /** Null when the batch has no row for it. */
  readonly columns: (set: WriteSet) => readonly unknown[] | null;
}

/** Arrays of these types leave in binary form; for all others text is as quick. */
const BINARY: Readonly<Record<string, (values: never[]) => Buffer>> = { bytea: byteaArray, jsonb: jsonbArray };

/** A part of the statement that writes `rows`, each column of it as one array, of the type to which `sql` casts it. */
export function part<Row>(
  name: string,
  sql: string,
  rows: (set: WriteSet) => readonly Row[],
  ...columns: readonly ((row: Row) => unknown)[]
): WritePart {
  const encoders = columns.map((_, place) => BINARY[sql.match(new RegExp(`\\$${place + 1}::(\\w+)\\[\\]`))?.[1] ?? '']);
  return {
    name,
    sql,
    columns: (set) => {
      const written = rows(set);
      if (written.length === 0) return null;
      return columns.map((column, place) => {
        const values = written.map(column);
        return encoders[place]?.(values as never[]) ?? values;
      });
    },
  };
}
