import type { QueryResult, QueryResultRow } from 'pg';

/** A pool, or one client within its transaction: whoever reads rows need not know which. */
export interface SqlReader {
  query<Row extends QueryResultRow>(sql: string, parameters?: unknown[]): Promise<QueryResult<Row>>;
}
