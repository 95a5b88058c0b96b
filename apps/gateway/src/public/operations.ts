import type { Operation, OperationId } from './operation.js';
import { ACCESS_GRANT_OPERATIONS } from './operations/access-grants.js';
import { ACCESS_LOG_OPERATIONS } from './operations/access-log.js';
import { CASE_OPERATIONS } from './operations/cases.js';
import { CONTRACT_OPERATIONS } from './operations/contracts.js';
import { EVALUATION_OPERATIONS } from './operations/evaluations.js';
import { GRANT_OPERATIONS } from './operations/grants.js';
import { DATA_SUBJECT_REPORT_OPERATIONS } from './operations/data-subject-reports.js';
import { INBOX_OPERATIONS } from './operations/inbox.js';
import { LOG_OPERATIONS } from './operations/log.js';
import { MESSAGE_OPERATIONS } from './operations/messages.js';
import { PROCESSING_OPERATIONS } from './operations/processing.js';

/** A route without a description does not compile: the document cannot lag behind the interface. */
export const OPERATIONS: Readonly<Record<OperationId, Operation>> = {
  ...MESSAGE_OPERATIONS,
  ...INBOX_OPERATIONS,
  ...CASE_OPERATIONS,
  ...GRANT_OPERATIONS,
  ...LOG_OPERATIONS,
  ...EVALUATION_OPERATIONS,
  ...DATA_SUBJECT_REPORT_OPERATIONS,
  ...CONTRACT_OPERATIONS,
  ...ACCESS_LOG_OPERATIONS,
  ...PROCESSING_OPERATIONS,
  ...ACCESS_GRANT_OPERATIONS,
};
