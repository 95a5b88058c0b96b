import type { QueryResult, QueryResultRow } from 'pg';

/** A statement that the server keeps under its name, for its connection, with its plan. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** A pool, or one client within its transaction: whoever reads rows need not know which. */
export interface SqlReader {
  query<Row extends QueryResultRow>(sql: string | NamedStatement, parameters?: unknown[]): Promise<QueryResult<Row>>;
}
