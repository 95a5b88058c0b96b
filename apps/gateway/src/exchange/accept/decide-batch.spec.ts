import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { CaseSnapshot } from '../../cases/case-snapshot.js';
import { makeTestRecord } from '../../access-log/testing/terms.js';
import { stages } from '../../cases/testing/stages.js';
import { GatewayError } from '../../errors.js';
import { ContentCipher, encryptIdentity } from '../../storage/content-crypto.js';
import type { DueTimer, Loaded, LoadedCase, Refusal } from './accept-types.js';
import { BatchWork, type AcceptParts } from './batch-work.js';
import { decideBatch } from './decide-batch.js';
import { traceOf } from '../../trace-context.js';

const cipher = new ContentCipher([{ id: 'mk-test', key: randomBytes(32) }]);
const LATER = new Date('2026-06-01T00:00:00Z');

/** A case that waits for the IND longer than it should: its alarm is due. */
function waiting(change: (snapshot: CaseSnapshot) => CaseSnapshot = (same) => same): LoadedCase {
  const snapshot = change(stages.screening().is);
  const { keyId, wrapped, key } = cipher.newCaseKey(snapshot.id);
  const identity = encryptIdentity({ caseId: snapshot.id, key: key }, {});
  return {
    id: snapshot.id,
    personId: snapshot.id,
    subjectIndex: null,
    version: 1,
    identity,
    wrappedCaseKey: wrapped,
    keyId,
    snapshot,
    events: 2,
  };
}

function workOn(found: LoadedCase, pilotIsKnown: boolean): BatchWork {
  const loaded: Loaded = {
    keys: new Map(),
    cases: new Map([[found.id, found]]),
    persons: new Map(),
    personCases: new Map(),
    targets: new Map(),
    stayCases: new Map(),
    caseNumbers: new Map(),
  };
  const pilot = { code: 'AMS', municipalityOin: '00000099000000000101', covenantId: null, policy: {} };
  const register = {
    pilotOnDate: () => (pilotIsKnown ? pilot : null),
    national: {},
    routeBases: () => new Set<string>(),
  };
  const parts = {
    makeRecord: makeTestRecord,
    gatewayOin: '',
    receiptKeyId: '',
    cipher,
    indexKey: randomBytes(32),
    register,
  } as unknown as AcceptParts;
  return new BatchWork(parts, loaded, LATER, LATER, '2026-06-01');
}

const TRACE = traceOf('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
const timerOf = ({ id }: LoadedCase): DueTimer => ({ kind: 'timer', caseId: id, timer: 'TMR-CHECK', trace: TRACE });
/** Somebody else's request, in the same batch. */
const other: Refusal = {
  kind: 'refusal',
  peer: { oin: '00000099000000000301', kind: 'IND', thumbprint: 'ab'.repeat(32) },
  action: 'message.submit',
  code: 'MALFORMED_JSON',
  reason: 'test',
  issues: [],
  contract: null,
  caseId: null,
  purpose: null,
  messageId: null,
  userReference: null,
  trace: TRACE,
} as unknown as Refusal;

describe('a batch with one item that cannot be decided', () => {
  it('settles the others and refuses that one alone', () => {
    const late = waiting();
    const [timer, rest] = decideBatch(workOn(late, false), [timerOf(late), other]);
    expect(timer).toEqual({ ok: false, error: expect.any(GatewayError) });
    expect(rest).toMatchObject({ ok: true, value: { kind: 'done' } });
  });

  it('is decided again item by item when one of them shows a fault of ours', () => {
    const broken = waiting((snapshot) => ({ ...snapshot, timers: null as unknown as CaseSnapshot['timers'] }));
    expect(() => decideBatch(workOn(broken, true), [timerOf(broken), other])).toThrow(
      expect.objectContaining({ code: '40001' }),
    );
    expect(() => decideBatch(workOn(broken, true), [timerOf(broken)])).toThrow(TypeError);
    expect(decideBatch(workOn(broken, true), [other])).toMatchObject([{ ok: true }]);
  });
});
