import { binaryArray, isBinaryElement } from '../../storage/binary-array.js';
import type { WriteSet } from './write-set.js';

/** `$1` to `$n` in `sql` are the arrays of `columns`: one a column, one element a row. */
export interface WritePart {
  readonly name: string;
  readonly sql: string;
  /** Null when the batch has no row for it. */
  readonly columns: (set: WriteSet) => readonly unknown[] | null;
}

/** A part of the statement that writes `rows`, each column of it as one array, of the type to which `sql` casts it. */
export function part<Row>(
  name: string,
  sql: string,
  rows: (set: WriteSet) => readonly Row[],
  ...columns: readonly ((row: Row) => unknown)[]
): WritePart {
  const types = columns.map((_, place) => sql.match(new RegExp(`\\$${place + 1}::(\\w+)\\[\\]`))?.[1] ?? '');
  return {
    name,
    sql,
    columns: (set) => {
      const written = rows(set);
      if (written.length === 0) return null;
      return columns.map((column, place) => {
        const values = written.map(column);
        const type = types[place] ?? '';
        return isBinaryElement(type) ? binaryArray(type, values as never[]) : values;
      });
    },
  };
}
