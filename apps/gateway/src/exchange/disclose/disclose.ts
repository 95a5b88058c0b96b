import type { Pool } from 'pg';
import { contractById } from '#contracts/catalogue.js';
import { propertyRules } from '#contracts/property-rules.js';
import { PURPOSES, type FieldGroup, type PurposeCode } from '#contracts/domain.js';
import type {
  AccessRecordInput,
  DecisionInputs,
  PreparedRecord,
  RecordSubject,
} from '../../access-log/access-record.js';
import { insertRecords } from '../../access-log/insert-records.js';
import type { RecordMaker } from '../../access-log/record-maker.js';
import { traceFields } from '../../access-log/trace-fields.js';
import { localDateAt } from '../../cases/calendar.js';
import { municipalityOf } from '../municipality-of.js';
import type { CaseClock } from '../../clock.js';
import { GatewayError } from '../../errors.js';
import type { TraceContext } from '../../trace-context.js';
import type { Peer } from '../../peers/peer.js';
import type { GrantStanding } from '../../policy/grant.js';
import type { Policy } from '../../policy/policy.js';
import { project } from '../../policy/project.js';
import { isParty } from '../../policy/relation.js';
import { encryptSubject, type CaseKey, type ContentCipher } from '../../storage/content-crypto.js';
import { subjectIndex } from '../../storage/subject-index.js';
import { inHotTransaction } from '../../storage/transaction.js';
import { grantStandings } from '../grants/grant-rows.js';
import type { Settled } from '../group-commit.js';
import { contentDecision } from './content-decision.js';
import { markFetched, readContentRows, type ContentRow } from './content-rows.js';
import { shownAttributes } from './shown-attributes.js';

export interface ContentRequest {
  readonly peer: Peer;
  readonly messageId: string;
  /** Header `Purpose-Of-Use` as it came. */
  readonly purpose: string | undefined;
  readonly userReference: string | undefined;
  readonly trace: TraceContext;
}

type GrantedRequest = ContentRequest & { readonly grant: GrantStanding };
const NO_GRANT: GrantStanding = { state: 'none' };

/** The content as this reader may see it, and the record that says so. */
export interface Disclosure {
  readonly event: Readonly<Record<string, unknown>>;
  readonly released: readonly FieldGroup[];
  readonly withheld: readonly FieldGroup[];
  readonly accessRecord: { readonly id: string; readonly digest: string };
}

export interface DiscloseParts {
  /** The version in force at the moment of asking: a decision asks once. */
  readonly policy: Policy;
  readonly cipher: ContentCipher;
  readonly indexKey: Buffer;
  readonly clock: CaseClock;
  readonly makeRecord: RecordMaker;
}

type Judged =
  | { readonly ok: true; readonly row: ContentRow; readonly record: PreparedRecord; readonly disclosure: Disclosure }
  | { readonly ok: false; readonly record: PreparedRecord; readonly error: GatewayError }
  /** Nothing was decided: content or a key of this one request cannot be read. */
  | { readonly ok: false; readonly record: null; readonly error: unknown };

/** Step 12 of docs/lifecycle.md for a batch of reads: decide, project, record, commit; then content leaves (G1). */
export function discloser(pool: Pool, source: DiscloseParts) {
  return (requests: readonly ContentRequest[]): Promise<readonly Settled<Disclosure>[]> =>
    inHotTransaction(pool, async (client, writer) => {
      // One version of the policy for the whole batch, also at midnight.
      const parts = { ...source };
      const rows = await readContentRows(
        client,
        requests.map(({ messageId, peer }) => ({ messageId, oin: peer.oin })),
      );
      const now = new Date();
      const standings = await grantStandings(
        client,
        requests.map((request, index) => ({
          ...request,
          purpose: purposeOf(request),
          caseId: rows.get(index)?.caseId ?? null,
        })),
        parts.clock.now(),
      );
      const judged = requests.map((request, index) => {
        const grant = standings[index] ?? NO_GRANT;
        try {
          return judge(parts, { ...request, grant }, rows.get(index), now);
        } catch (error) {
          // The others of the batch are read all the same.
          return { ok: false, record: null, error } as const;
        }
      });
      await insertRecords(
        writer,
        judged.flatMap((one) => one.record ?? []),
      );
      await markFetched(
        writer,
        judged.flatMap((one) => (one.ok ? [one.row] : [])),
        now,
      );
      return judged.map((one): Settled<Disclosure> =>
        one.ok ? { ok: true, value: one.disclosure } : { ok: false, error: one.error },
      );
    });
}

function judge(parts: DiscloseParts, request: GrantedRequest, row: ContentRow | undefined, now: Date): Judged {
  const refuse = refuser(parts, request, row, now);
  if (!row)
    return refuse(new GatewayError('CASE_NOT_AVAILABLE', 'not available'), ['no delivery to this organisation']);
  const contract = contractById(row.contract);
  // Corrections, withdrawals and receipts follow the data to wherever it went, also to who has left the case since.
  const concerned = contract.family === 'control' || row.parties === null;
  if (!concerned && !isParty(row.parties ?? [], request.peer.oin, localDateAt(parts.clock.now()))) {
    return refuse(new GatewayError('CASE_NOT_AVAILABLE', 'not available'), ['no longer a party of the case']);
  }
  const purpose = purposeOf(request);
  if (request.purpose !== undefined && purpose === undefined) {
    return refuse(new GatewayError('PURPOSE_NOT_ALLOWED', 'Purpose-Of-Use names no purpose'), ['unknown purpose']);
  }
  const { grant } = request;
  if (grant.state === 'over') {
    return refuse(new GatewayError('GRANT_ENDED', 'the grant of this person is over'), ['the grant is over']);
  }
  const decision = contentDecision(parts.policy, {
    readerKind: request.peer.kind,
    purpose,
    ...(grant.state === 'running' ? { grant: grant.role } : {}),
    messagePurpose: row.routePurpose,
    contract,
    endedPurposes: row.endedPurposes,
  });
  if (!decision.permit) return refuse(new GatewayError(decision.code, decision.reasons.join('; ')), decision.reasons);
  if (row.withdrawn || row.deliveryState === 'PURGED' || !row.ciphertext) {
    return refuse(new GatewayError('WITHDRAWN', 'the sender has withdrawn this message, or its term has ended'), [
      'withdrawn',
    ]);
  }
  const caseKey = caseKeyOf(parts, row);
  const event = opened(parts, row, caseKey);
  const context = {
    contract: contract.id,
    sender: { oin: row.senderOin, kind: row.senderKind },
    readerOin: request.peer.oin,
  };
  const rules = propertyRules(contract.id);
  const data = project(event.data as Record<string, unknown>, rules, decision.releases, context);
  const { released, withheld, policyVersion, reasons, role } = decision;
  const inputs = inputsOf(request, row);
  const input: AccessRecordInput = {
    kind: 'DELIVERY',
    ...about(request, row),
    subjects: subjectsOf(parts, row, caseKey),
    decision: { outcome: 'permit', policyVersion, role, inputs, reasons },
    fieldGroups: { released, withheld },
  };
  const record = parts.makeRecord(input, now);
  const accessRecord = { id: record.id, digest: record.entryDigest.toString('base64url') };
  const shown = { ...shownAttributes(event), data };
  return { ok: true, row, record, disclosure: { event: shown, released, withheld, accessRecord } };
}

/** A refusal and its record. */
function refuser(parts: DiscloseParts, request: GrantedRequest, row: ContentRow | undefined, now: Date) {
  return (error: GatewayError, reasons: readonly string[]): Judged => {
    const decision = {
      outcome: 'refuse' as const,
      code: error.code,
      policyVersion: parts.policy.version,
      ...(row ? { inputs: inputsOf(request, row) } : {}),
      reasons,
    };
    const record = parts.makeRecord(
      {
        kind: 'REFUSAL',
        ...about(request, row),
        subjects: row ? subjectsOf(parts, row, caseKeyOf(parts, row)) : [],
        decision,
        fieldGroups: { released: [], withheld: [] },
      },
      now,
    );
    return { ok: false, record, error };
  };
}

/** What a record of this request says in every case, permitted or refused. */
function about(request: ContentRequest, row: ContentRow | undefined) {
  const contract = row ? contractById(row.contract) : null;
  const purpose = purposeOf(request);
  return {
    action: 'content.read',
    peer: { oin: request.peer.oin, kind: request.peer.kind, thumbprint: request.peer.thumbprint },
    ...(request.userReference === undefined ? {} : { userReference: request.userReference }),
    ...(purpose ? { purpose } : {}),
    legalBases: contract?.legalBases ?? [],
    ...(contract
      ? { processingActivity: contract.processingActivity, contract: { id: contract.id, version: contract.version } }
      : {}),
    ...(row?.caseId ? { caseId: row.caseId } : {}),
    ...(row ? { source: row.senderOin, ...municipalityOf(row.parties ?? []) } : {}),
    messageId: request.messageId,
    ...traceFields(request.trace),
  };
}

function inputsOf({ grant }: GrantedRequest, row: ContentRow): DecisionInputs {
  const { routePurpose: messagePurpose, endedPurposes } = row;
  return {
    messagePurpose,
    ...(endedPurposes.length > 0 ? { endedPurposes } : {}),
    ...(grant.state === 'none' ? {} : { grantId: grant.grantId }),
  };
}

function purposeOf({ purpose }: ContentRequest): PurposeCode | undefined {
  return PURPOSES.find((code) => code === purpose);
}

function opened(parts: DiscloseParts, row: ContentRow, caseKey: CaseKey | null): Record<string, unknown> {
  const { contentKeyId, wrappedKey, nonce, ciphertext } = row;
  if (!contentKeyId || !wrappedKey || !nonce || !ciphertext) throw new Error('content row is incomplete');
  const content = { keyId: contentKeyId, wrappedKey, nonce, ciphertext };
  const plaintext = parts.cipher.decryptContent(caseKey, row.messageId, content);
  return JSON.parse(plaintext.toString('utf8')) as Record<string, unknown>;
}

/** Who the message is about, also when the reader is refused: an attempt concerns the person as much as a success. */
function subjectsOf(parts: DiscloseParts, row: ContentRow, caseKey: CaseKey | null): readonly RecordSubject[] {
  if (!caseKey || !row.personId) return [];
  const index = row.subjectIndex ?? subjectIndex(parts.indexKey, `person:${row.personId}`);
  return [{ index, id: encryptSubject(caseKey, row.personId) }];
}

function caseKeyOf(parts: DiscloseParts, { caseId, caseKeyId, wrappedCaseKey }: ContentRow): CaseKey | null {
  if (!caseId || !caseKeyId || !wrappedCaseKey) return null;
  return parts.cipher.unwrapCaseKey({ caseId, keyId: caseKeyId, wrapped: wrappedCaseKey });
}
