/** The agency interface (design 5). The OpenAPI document is checked against this list, 405 answers come from it. */
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
  { method: 'GET', path: '/v1/contracts', operationId: 'listContracts' },
  { method: 'GET', path: '/v1/contracts/{name}/versions/{version}', operationId: 'getContract' },
] as const satisfies readonly { method: 'GET' | 'POST'; path: string; operationId: string }[];

/** Version of the interface: `info.version` of the OpenAPI document and the `API-Version` header of every answer. */
export const API_VERSION = '1.0.0';

const PATTERNS = API_ROUTES.map((route) => ({
  method: route.method,
  // A literal segment wins from a parameter: `_search` is not a case id.
  pattern: new RegExp(`^${route.path.replace(/\{caseId\}/g, '(?!_)[^/]+').replace(/\{[a-zA-Z]+\}/g, '[^/]+')}$`),
}));

/** Methods that exist at this path (without query), sorted; empty when the path does not exist. */
export function allowedMethods(path: string): readonly string[] {
  return [...new Set(PATTERNS.filter((one) => one.pattern.test(path)).map((one) => one.method))].sort();
}
