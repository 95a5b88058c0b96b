import type { LocalDate } from '../../cases/case-snapshot.js';
import type { WithholdGround } from './grounds.js';
import type { SqlReader } from '../../access-log/log/sql-reader.js';
import type { ExtensionGround, Regime } from './terms.js';

export interface ReportRow {
  readonly id: string;
  readonly requestMessageId: string;
  readonly caseId: string;
  readonly personId: string;
  /** Organisation whose officer made it and hands it to the resident. */
  readonly handlerOin: string;
  readonly receivedOn: LocalDate;
  readonly named: readonly string[];
  readonly coversUntil: Date;
  readonly municipalityOin: string;
  readonly caseNumber: string;
  readonly subjectIndex: Buffer | null;
}

export type PartState = 'OPEN' | 'RELEASED' | 'REFUSED';

export interface PartRow {
  readonly oin: string;
  readonly regime: Regime;
  /** Records in it when the report was made. */
  readonly entries: number;
  /** Last day as it now stands, extension included. */
  readonly dueOn: LocalDate;
  readonly state: PartState;
  readonly answeredAt: Date | null;
  /** Of a refusal. */
  readonly ground: WithholdGround | null;
  readonly showFrom: LocalDate | null;
  readonly extension: ExtensionGround | null;
}

export interface WithheldRow {
  readonly oin: string;
  readonly entryId: string;
  readonly ground: WithholdGround;
  readonly showFrom: LocalDate | null;
}

const REPORT = `SELECT r.id, r.request_message_id AS "requestMessageId", r.case_id AS "caseId", r.person_id AS "personId",
    r.handler_oin AS "handlerOin", r.received_on::text AS "receivedOn", r.named, r.covers_until AS "coversUntil",
    k.municipality_oin AS "municipalityOin", k.number AS "caseNumber", p.subject_index AS "subjectIndex"
  FROM data_subject_report r JOIN lvv_case k ON k.id = r.case_id JOIN person p ON p.id = r.person_id`;
const PARTS = `SELECT p.oin, p.regime, p.entries, coalesce(e.until_on, p.due_on)::text AS "dueOn",
    coalesce(a.step, 'OPEN') AS state, a.at AS "answeredAt", a.ground, a.until_on::text AS "showFrom", e.ground AS extension
  FROM data_subject_report_part p
    LEFT JOIN data_subject_report_step e ON e.report_id = p.report_id AND e.oin = p.oin AND e.step = 'EXTENDED'
    LEFT JOIN data_subject_report_step a ON a.report_id = p.report_id AND a.oin = p.oin AND a.step <> 'EXTENDED'
  WHERE p.report_id = $1 ORDER BY p.oin`;
const WITHHELD = `SELECT oin, entry_id AS "entryId", ground, until_on::text AS "showFrom"
  FROM data_subject_report_withheld WHERE report_id = $1`;

type Row<Of> = Of & Record<string, unknown>;

export async function readReport(client: SqlReader, id: string): Promise<ReportRow | undefined> {
  return (await client.query<Row<ReportRow>>(`${REPORT} WHERE r.id = $1`, [id])).rows[0];
}

export async function reportOfRequest(client: SqlReader, messageId: string): Promise<ReportRow | undefined> {
  return (await client.query<Row<ReportRow>>(`${REPORT} WHERE r.request_message_id = $1`, [messageId])).rows[0];
}

export async function readParts(client: SqlReader, reportId: string): Promise<readonly PartRow[]> {
  return (await client.query<Row<PartRow>>(PARTS, [reportId])).rows;
}

/** At most as many as the releases of all controllers may name together. */
export async function readWithheld(client: SqlReader, reportId: string): Promise<readonly WithheldRow[]> {
  return (await client.query<Row<WithheldRow>>(WITHHELD, [reportId])).rows;
}
