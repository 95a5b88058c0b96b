import { uuidv7 } from 'uuidv7';
import type { Contract, ValidationIssue } from '#contracts/contract.js';
import { EVENT_ID_PATTERN } from '#contracts/envelope-forms.js';
import { findForbiddenIdentifier } from '#contracts/forbidden.js';
import type { AdapterConfig } from '../config/config.js';
import { LocalProblem } from './local-problem.js';

const EVENT_ID = new RegExp(EVENT_ID_PATTERN);
const CASE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const RULES: Readonly<Record<string, (value: unknown) => boolean>> = {
  contract: (value) => typeof value === 'string' && value.length <= 100,
  id: (value) => value === undefined || (typeof value === 'string' && EVENT_ID.test(value)),
  caseId: (value) => value === undefined || (typeof value === 'string' && CASE_ID.test(value)),
  purpose: (value) => value === undefined || (typeof value === 'string' && /^P(0[1-9]|1[0-4])$/.test(value)),
  expiresAt: (value) => value === undefined || (typeof value === 'string' && !Number.isNaN(Date.parse(value))),
  data: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** What the agency's system posts: plain JSON, no CloudEvents. */
interface Submission {
  readonly contract: string;
  readonly id?: string;
  readonly caseId?: string;
  readonly purpose?: string;
  readonly expiresAt?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The parts of the contracts room that building an event needs. */
export interface ContractBook {
  /** By message id (`M01`) or exact type. */
  find(name: string): Contract | undefined;
  /** Pointers begin with `/data`. */
  validate(contract: Contract, data: unknown): readonly ValidationIssue[];
}

export interface OutgoingEvent {
  readonly id: string;
  readonly contract: Contract;
  /** JSON text, so that a repeated attempt sends the very same bytes. */
  readonly body: string;
}

/**
 * Turns a submission into the CloudEvent that the gateway takes, and checks it here first: the system gets every schema
 * error at once, without a round trip and before personal data leaves the house.
 * @throws LocalProblem
 */
export function buildEvent(
  body: unknown,
  config: AdapterConfig,
  contracts: ContractBook,
  traceparent?: string,
): OutgoingEvent {
  const submission = checked(body);
  const contract = contracts.find(submission.contract);
  if (!contract) throw new LocalProblem('CONTRACT_UNKNOWN', 'no contract of this name in the catalogue');
  // As the gateway would, but here, so that such a number does not travel at all.
  const forbidden = findForbiddenIdentifier({ data: submission.data });
  if (forbidden) throw new LocalProblem('FORBIDDEN_IDENTIFIER', `a ${forbidden.kind} stands in the message`);
  const issues = [...caseIdIssues(contract, submission), ...contracts.validate(contract, submission.data)];
  if (issues.length > 0)
    throw new LocalProblem('SCHEMA_INVALID', `${issues.length} violations of ${contract.id}`, { issues });
  const id = submission.id ?? uuidv7();
  const event = {
    specversion: '1.0',
    id,
    source: `urn:nld:oin:${config.oin}:${config.system}`,
    type: contract.type,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    purpose: submission.purpose ?? sendingPurpose(contract, config),
    ...(submission.caseId === undefined ? {} : { caseid: submission.caseId }),
    ...(submission.expiresAt === undefined ? {} : { expiresat: submission.expiresAt }),
    ...(traceparent === undefined ? {} : { traceparent }),
    data: submission.data,
  };
  return { id, contract, body: JSON.stringify(event) };
}

function caseIdIssues(contract: Contract, { caseId }: Submission): readonly ValidationIssue[] {
  const pointer = '/caseId';
  if (contract.caseId === 'required' && caseId === undefined)
    return [{ pointer, rule: 'required', detail: 'this contract is about a case' }];
  if (contract.caseId === 'none' && caseId !== undefined)
    return [{ pointer, rule: 'absent', detail: 'this contract opens a case' }];
  return [];
}

/** The agency's configured purpose where the contract allows it to a sender, else the contract's own. */
function sendingPurpose(contract: Contract, config: AdapterConfig): string | undefined {
  const configured = config.contracts[contract.type]?.purpose;
  return configured && contract.purposes.includes(configured) ? configured : contract.purposes[0];
}

function checked(body: unknown): Submission {
  const given =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
  const issues: ValidationIssue[] = Object.entries(RULES)
    .filter(([name, isValid]) => !isValid(given[name]))
    .map(([name]) => ({
      pointer: `/${name}`,
      rule: given[name] === undefined ? 'required' : 'format',
      detail: `${name} is missing or malformed`,
    }));
  if (Object.keys(given).some((name) => !(name in RULES))) {
    issues.push({ pointer: '', rule: 'additionalProperties', detail: `known are ${Object.keys(RULES).join(', ')}` });
  }
  if (issues.length > 0) throw new LocalProblem('INVALID_PARAMETER', 'the submission is not well formed', { issues });
  return given as unknown as Submission;
}
