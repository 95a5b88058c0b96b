import { contractByType } from '#contracts/catalogue.js';
import type { Contract, ValidationIssue } from '#contracts/contract.js';
import { eventDigest } from '#contracts/digest.js';
import type { PurposeCode } from '#contracts/domain.js';
import { findForbiddenIdentifier } from '#contracts/forbidden.js';
import { parseStrictJson, StrictJsonError } from '#contracts/strict-json.js';
import { validateEnvelope, validatePayload } from '#contracts/validate.js';
import { sourceOin } from '#identity/oin.js';
import { GatewayError } from '../../errors.js';
import type { TraceContext } from '../../trace-context.js';
import type { Peer } from '../../peers/peer.js';
import { subjectIndex } from '../../storage/subject-index.js';
import type { Submission, SubmittedEvent } from './accept-types.js';

export const MEDIA_TYPE = 'application/cloudevents+json';
/** As many as a person can read; the rest shows after these are mended. */
const MAX_ISSUES = 50;

export interface SubmissionParts {
  readonly mode: 'demo' | 'production';
  readonly indexKey: Buffer;
  readonly pilotExists: (code: string) => boolean;
  readonly now: () => Date;
}

/** What became known before a refusal: it goes into the record, and nothing else of the message does. */
export interface SeenSoFar {
  contract: Contract | null;
  caseId: string | null;
  purpose: string | null;
}

interface Checked {
  readonly event: SubmittedEvent;
  readonly contract: Contract;
}

/**
 * Steps 2 and 3 of docs/lifecycle.md: everything about a message that needs no database. Throws a GatewayError; `seen`
 * then holds what the refusal's record may say.
 */
export function readSubmission(
  parts: SubmissionParts,
  peer: Peer,
  body: Buffer,
  trace: TraceContext,
  seen: SeenSoFar,
): Submission {
  const { event, contract } = checkedEvent(parseBody(body), seen);
  seen.caseId = event.caseid ?? null;
  if (sourceOin(event.source) !== peer.oin)
    throw new GatewayError('SOURCE_MISMATCH', 'the OIN in source is not that of the certificate');
  if (!contract.senders.includes(peer.kind))
    throw new GatewayError('SENDER_NOT_ENTITLED', `${peer.kind} may not send ${contract.id}`);
  const purpose = purposeOf(event, contract);
  seen.purpose = purpose;
  if (event.expiresat !== undefined && Date.parse(event.expiresat) <= parts.now().getTime()) {
    throw new GatewayError('MESSAGE_EXPIRED', 'expiresat lies in the past');
  }
  refuseWrongWorld(parts.mode, event.data);
  if (contract.id === 'M01' && !parts.pilotExists(String(event.data.pilot))) {
    throw new GatewayError('PILOT_UNKNOWN', 'the pilot is not in the register');
  }
  const subject = subjectNamed(contract, event.data);
  return {
    kind: 'submission',
    peer,
    contract,
    purpose,
    event,
    digest: eventDigest(event as unknown as Record<string, unknown>),
    subjectIndex: subject === null ? null : subjectIndex(parts.indexKey, subject),
    trace,
  };
}

function parseBody(body: Buffer): unknown {
  try {
    return parseStrictJson(body);
  } catch (error) {
    if (error instanceof StrictJsonError) throw new GatewayError(error.code, 'the body was not read any further');
    throw error;
  }
}

/** All schema errors at once, of envelope and payload together. */
function checkedEvent(value: unknown, seen: SeenSoFar): Checked {
  const forbidden = findForbiddenIdentifier(value);
  if (forbidden) throw new GatewayError('FORBIDDEN_IDENTIFIER', `a ${forbidden.kind} stands in the message`);
  const issues: ValidationIssue[] = [...validateEnvelope(value)];
  const { type, data, caseid } = (value ?? {}) as Partial<Record<keyof SubmittedEvent, unknown>>;
  const contract = typeof type === 'string' ? contractByType(type) : undefined;
  if (contract) {
    seen.contract = contract;
    issues.push(...validatePayload(contract, data).map((issue) => ({ ...issue, pointer: `/data${issue.pointer}` })));
    if (contract.caseId === 'required' && caseid === undefined) {
      issues.push({ pointer: '/caseid', rule: 'required', detail: 'this contract is about a case' });
    }
    if (contract.caseId === 'none' && caseid !== undefined) {
      issues.push({ pointer: '/caseid', rule: 'absent', detail: 'this contract opens a case or has none' });
    }
  }
  if (issues.length > 0) {
    throw new GatewayError('SCHEMA_INVALID', 'the message does not meet its contract', {
      issues: issues.slice(0, MAX_ISSUES),
    });
  }
  if (!contract) throw new GatewayError('CONTRACT_UNKNOWN', 'type names no contract of this gateway');
  return { event: value as SubmittedEvent, contract };
}

function purposeOf(event: SubmittedEvent, contract: Contract): PurposeCode {
  const purpose =
    event.purpose === undefined ? contract.purposes[0] : contract.purposes.find((one) => one === event.purpose);
  if (!purpose) throw new GatewayError('PURPOSE_NOT_ALLOWED', `${contract.id} is not sent for this purpose`);
  return purpose;
}

/** Demo and production do not mix (design 7): invented persons have V-numbers from 0000 or 9999. */
function refuseWrongWorld(mode: 'demo' | 'production', data: SubmittedEvent['data']): void {
  for (const vNumber of [data.v_number, data.merged_to]) {
    if (typeof vNumber !== 'string') continue;
    const synthetic = /^(0000|9999)/.test(vNumber);
    if (mode === 'demo' && !synthetic) throw new GatewayError('SYNTHETIC_DATA_ONLY', 'this is a demonstration');
    if (mode === 'production' && synthetic) throw new GatewayError('SYNTHETIC_DATA_REFUSED', 'this is production');
  }
}

/** M01 names the person; M02 and M03 may correct who it is. Every other message takes the person from its case. */
function subjectNamed(contract: Contract, data: SubmittedEvent['data']): string | null {
  const named = contract.id === 'M03' ? data.merged_to : ['M01', 'M02'].includes(contract.id) ? data.v_number : null;
  return typeof named === 'string' ? named : null;
}
