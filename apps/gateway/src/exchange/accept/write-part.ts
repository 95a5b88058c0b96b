import type { WriteSet } from './write-set.js';

/** `$1` to `$n` in `sql` are the arrays of `columns`: one a column, one element a row. */
export interface WritePart {
  readonly name: string;
  readonly sql: string;
  /** Null when the batch has no row for it. */
  readonly columns: (set: WriteSet) => readonly (readonly unknown[])[] | null;
}

/** A part of the statement that writes `rows`, each column of it as one array. */
export function part<Row>(
  name: string,
  sql: string,
  rows: (set: WriteSet) => readonly Row[],
  ...columns: readonly ((row: Row) => unknown)[]
): WritePart {
  return {
    name,
    sql,
    columns: (set) => {
      const written = rows(set);
      return written.length === 0 ? null : columns.map((column) => written.map(column));
    },
  };
}
