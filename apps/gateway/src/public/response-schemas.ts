import {
  ACCESS_GRANT_LIST_SCHEMA,
  ACCESS_GRANT_SCHEMA,
  ACCESS_LOG_ENTRY_SCHEMA,
  ACCESS_LOG_PAGE_SCHEMA,
  INCLUSION_PROOF_SCHEMA,
} from '../http/audit-responses.js';
import { CONTRACT_DOCUMENT_SCHEMA, CONTRACT_LIST_SCHEMA } from '../http/catalogue-responses.js';
import {
  CASE_CONSULTATION_SCHEMA,
  DOSSIER_CONSULTATION_SCHEMA,
  FOUND_CASES_SCHEMA,
  TIMELINE_CONSULTATION_SCHEMA,
} from '../http/consultation-responses.js';
import { ACCESS_DECISION_SCHEMA, POLICY_EVALUATION_ANSWER_SCHEMA } from '../http/evaluation-schemas.js';
import { GRANT_ANSWER_SCHEMA } from '../http/grant-schemas.js';
import {
  ACKNOWLEDGEMENT_RESULTS_SCHEMA,
  INBOX_PAGE_SCHEMA,
  MESSAGE_CONTENT_SCHEMA,
  MESSAGE_STATUS_SCHEMA,
  RECEIPT_SCHEMA,
} from '../http/message-responses.js';
import { PROCESSING_LIST } from '../http/processing-schemas.js';

import {
  DATA_SUBJECT_REPORT_LIST_SCHEMA,
  DATA_SUBJECT_REPORT_SCHEMA,
  REPORT_DOCUMENT_SCHEMA,
  REPORT_PART_SCHEMA,
} from '../http/report-responses.js';

/** Answers by the name that they have in the OpenAPI document. */
export const RESPONSE_SCHEMAS = {
  Receipt: RECEIPT_SCHEMA,
  MessageStatus: MESSAGE_STATUS_SCHEMA,
  MessageContent: MESSAGE_CONTENT_SCHEMA,
  InboxPage: INBOX_PAGE_SCHEMA,
  AcknowledgementResults: ACKNOWLEDGEMENT_RESULTS_SCHEMA,
  CaseConsultation: CASE_CONSULTATION_SCHEMA,
  DossierConsultation: DOSSIER_CONSULTATION_SCHEMA,
  TimelineConsultation: TIMELINE_CONSULTATION_SCHEMA,
  FoundCases: FOUND_CASES_SCHEMA,
  PolicyEvaluation: POLICY_EVALUATION_ANSWER_SCHEMA,
  AccessDecision: ACCESS_DECISION_SCHEMA,
  Grant: GRANT_ANSWER_SCHEMA,
  DataSubjectReport: DATA_SUBJECT_REPORT_SCHEMA,
  DataSubjectReports: DATA_SUBJECT_REPORT_LIST_SCHEMA,
  DataSubjectReportPart: REPORT_PART_SCHEMA,
  DataSubjectReportDocument: REPORT_DOCUMENT_SCHEMA,
  ContractList: CONTRACT_LIST_SCHEMA,
  ContractDocument: CONTRACT_DOCUMENT_SCHEMA,
  AccessLogPage: ACCESS_LOG_PAGE_SCHEMA,
  AccessLogEntry: ACCESS_LOG_ENTRY_SCHEMA,
  InclusionProof: INCLUSION_PROOF_SCHEMA,
  ProcessingList: PROCESSING_LIST,
  AccessGrant: ACCESS_GRANT_SCHEMA,
  AccessGrantList: ACCESS_GRANT_LIST_SCHEMA,
} as const;

export type SchemaName = keyof typeof RESPONSE_SCHEMAS;
