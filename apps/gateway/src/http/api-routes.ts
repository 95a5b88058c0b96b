/** The agency interface (design 5). The OpenAPI document is checked against this list, 405 answers come from it. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly operationId: string;
  /** Who may call: an agency's system unless said otherwise. A person's certificate opens no route of systems, and back. */
  readonly caller?: 'officer' | 'either';
  /** Discloses and changes nothing about anyone: it is answered also while the log takes no records. */
  readonly recordless?: true;
}

export const API_ROUTES = [
  { method: 'POST', path: '/v1/messages', operationId: 'submitMessage' },
  { method: 'GET', path: '/v1/messages/{messageId}', operationId: 'getMessageStatus' },
  { method: 'GET', path: '/v1/messages/{messageId}/content', operationId: 'getMessageContent' },
  { method: 'GET', path: '/v1/inbox', operationId: 'listInbox' },
  { method: 'POST', path: '/v1/acknowledgements', operationId: 'acknowledgeMessages' },
  { method: 'GET', path: '/v1/cases/{caseId}', operationId: 'getCase' },
  { method: 'GET', path: '/v1/cases/{caseId}/dossier', operationId: 'getDossier' },
  { method: 'GET', path: '/v1/cases/{caseId}/timeline', operationId: 'getTimeline' },
  { method: 'POST', path: '/v1/cases/_search', operationId: 'searchCases' },
  { method: 'POST', path: '/v1/cases/{caseId}/grants', operationId: 'giveGrant' },
  { method: 'POST', path: '/v1/cases/{caseId}/grants/{grantId}/end', operationId: 'endGrant' },
  { method: 'POST', path: '/v1/log/cosignatures', operationId: 'addCosignatures', recordless: true },
  { method: 'POST', path: '/v1/policy-evaluations', operationId: 'evaluatePolicy' },
  // The address of the standard (AuthZEN Authorization API): beside /v1, with a version of its own.
  { method: 'POST', path: '/access/v1/evaluation', operationId: 'evaluateAccess' },
  { method: 'GET', path: '/v1/contracts', operationId: 'listContracts', recordless: true },
  { method: 'GET', path: '/v1/contracts/{name}/versions/{version}', operationId: 'getContract', recordless: true },
  { method: 'POST', path: '/v1/access-log-entries/_search', operationId: 'searchAccessLog', caller: 'officer' },
  { method: 'POST', path: '/v1/processing-activities', operationId: 'searchProcessing', caller: 'officer' },
  { method: 'GET', path: '/v1/access-log-entries/{entryId}', operationId: 'getAccessLogEntry', caller: 'officer' },
  {
    method: 'GET',
    path: '/v1/access-log-entries/{entryId}/inclusion-proof',
    operationId: 'getInclusionProof',
    caller: 'either',
  },
  { method: 'GET', path: '/v1/access-grants', operationId: 'listAccessGrants', caller: 'officer' },
  { method: 'POST', path: '/v1/access-grants', operationId: 'requestAccessGrant', caller: 'officer' },
  { method: 'POST', path: '/v1/access-grants/{grantId}/consents', operationId: 'consentToGrant', caller: 'officer' },
  { method: 'POST', path: '/v1/access-grants/{grantId}/end', operationId: 'endAccessGrant', caller: 'officer' },
  { method: 'POST', path: '/v1/data-subject-reports', operationId: 'createDataSubjectReport', caller: 'officer' },
  { method: 'GET', path: '/v1/data-subject-reports', operationId: 'listDataSubjectReports', caller: 'officer' },
  {
    method: 'GET',
    path: '/v1/data-subject-reports/{reportId}',
    operationId: 'getDataSubjectReport',
    caller: 'officer',
  },
  {
    method: 'GET',
    path: '/v1/data-subject-reports/{reportId}/document',
    operationId: 'getDataSubjectReportDocument',
    caller: 'officer',
  },
  {
    method: 'GET',
    path: '/v1/data-subject-reports/{reportId}/parts/{oin}',
    operationId: 'getReportPart',
    caller: 'officer',
  },
  {
    method: 'POST',
    path: '/v1/data-subject-reports/{reportId}/parts/{oin}/extension',
    operationId: 'extendReportPart',
    caller: 'officer',
  },
  {
    method: 'POST',
    path: '/v1/data-subject-reports/{reportId}/parts/{oin}/release',
    operationId: 'releaseReportPart',
    caller: 'officer',
  },
  {
    method: 'POST',
    path: '/v1/data-subject-reports/{reportId}/parts/{oin}/refusal',
    operationId: 'refuseReportPart',
    caller: 'officer',
  },
] as const satisfies readonly ApiRoute[];

/** Version of the interface: `info.version` of the OpenAPI document and the `API-Version` header of every answer. */
export const API_VERSION = '1.0.0';

const PATTERNS = (API_ROUTES as readonly ApiRoute[]).map((route) => ({
  method: route.method,
  caller: route.caller ?? ('agency' as const),
  leavesRecord: route.recordless !== true,
  // A literal segment wins from a parameter: `_search` is not a case id.
  pattern: new RegExp(
    `^${route.path.replace(/\{(caseId|entryId)\}/g, '(?!_)[^/]+').replace(/\{[a-zA-Z]+\}/g, '[^/]+')}$`,
  ),
}));

/** Whose certificate this call takes; an address that does not exist is answered as to a system. */
export function callerOf(method: string, path: string): 'agency' | 'officer' | 'either' {
  const here = PATTERNS.filter((one) => one.pattern.test(path));
  return (here.find((one) => one.method === method) ?? here[0])?.caller ?? 'agency';
}

/** Whether the call leaves a record, so that it waits for a log that takes one. */
export function leavesRecord(method: string, path: string): boolean {
  return PATTERNS.find((one) => one.method === method && one.pattern.test(path))?.leavesRecord ?? true;
}

/** Methods that exist at this path (without query), sorted; empty when the path does not exist. */
export function allowedMethods(path: string): readonly string[] {
  return [...new Set(PATTERNS.filter((one) => one.pattern.test(path)).map((one) => one.method))].sort();
}
