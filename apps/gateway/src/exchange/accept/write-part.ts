import type { WriteSet } from './write-set.js';

/** `$1` to `$n` in `sql` are the arrays of `columns`: one a column, one element a row. */
export interface WritePart {
  readonly name: string;
  readonly sql: string;
  readonly rows: (set: WriteSet) => number;
  readonly columns: (set: WriteSet) => readonly (readonly unknown[])[];
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
    rows: (set) => rows(set).length,
    columns: (set) => {
      const written = rows(set);
      return columns.map((column) => written.map(column));
    },
  };
}
