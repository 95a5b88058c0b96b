import type { PeerKind } from '#contracts/domain.js';
import { naiveLeaves } from './naive-content.js';
import { KNOWN_PURPOSES, naiveContent, naiveView, type Verdict } from './naive-policy.js';
import { naiveGroups, naiveProperties, OPTIONAL } from './naive-views.js';
import type { TrueCase, TrueMessage, Truth } from './truth.js';

export interface Caller {
  readonly name: string;
  readonly oin: string;
  readonly kind: PeerKind;
}

/** One request, what the naive reading says of it, and what its record has to say. */
export interface RandomRequest {
  readonly by: Caller;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly expected: Expected;
}

export interface Expected {
  readonly status: number;
  readonly code?: string;
  readonly leaves?: readonly string[];
  readonly properties?: readonly string[];
  readonly evaluation?: { readonly permit: boolean; readonly code?: string; readonly groups?: readonly string[] };
  readonly subjects: number;
  readonly action: string;
}

const PERSONS = ['medewerker-1', 'lid-1', 'lid-2', 'lid-3'] as const;
const NOWHERE = '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20';
const REFUSED_STATUS: Readonly<Record<string, number>> = { CASE_NOT_AVAILABLE: 404, USER_REFERENCE_REQUIRED: 400 };

/** A generator of requests, right and wrong; the same seed gives the same requests of the same truth. */
export class RandomRequests {
  constructor(
    private readonly truth: Truth,
    private readonly callers: readonly Caller[],
    private readonly random: () => number,
  ) {}

  next(): RandomRequest {
    const draw = this.random();
    if (draw < 0.6) return this.content();
    return draw < 0.85 ? this.view() : this.evaluation();
  }

  private content(): RandomRequest {
    const message = this.pick(this.truth.messages);
    const receivers = this.callers.filter(({ oin }) => message.sentTo.has(oin));
    const by = receivers.length > 0 && this.chance(0.85) ? this.pick(receivers) : this.pick(this.callers);
    const received = message.sentTo.get(by.oin);
    const purpose = this.chance(0.35) ? received : this.purpose();
    const person = this.chance(0.6) ? this.pick(PERSONS) : undefined;
    const nowhere = this.chance(0.03);
    const path = `/v1/messages/${nowhere ? NOWHERE : message.id}/content`;
    const known = nowhere ? undefined : received;
    return { ...asked(by, path, purpose, person), expected: this.ofContent(by, message, known, purpose, person) };
  }

  private ofContent(
    by: Caller,
    message: TrueMessage,
    received: string | undefined,
    purpose: string | undefined,
    person: string | undefined,
  ): Expected {
    const action = 'content.read';
    if (received === undefined) return { ...refused('CASE_NOT_AVAILABLE'), action, subjects: 0 };
    const grant = this.truth.grant(message.caseId, by.oin, person, purpose);
    const verdict = naiveContent({ kind: by.kind, purpose, received, ended: message.ended, grant });
    if (!verdict.permit) return { ...refused(verdict.code), action, subjects: 1 };
    if (message.withdrawn) return { status: 410, code: 'WITHDRAWN', action, subjects: 1 };
    return { status: 200, leaves: naiveLeaves(message, verdict.row), action, subjects: 1 };
  }

  private view(): RandomRequest {
    const view = this.pick(['case', 'dossier', 'timeline']);
    const { one, by } = this.caseAndCaller();
    const purpose = this.purpose();
    const person = this.chance(0.9) ? this.pick(PERSONS) : undefined;
    const path = `/v1/cases/${one?.id ?? NOWHERE}${view === 'case' ? '' : `/${view}`}`;
    return { ...asked(by, path, purpose, person), expected: this.ofView(view, one, by, purpose, person) };
  }

  private ofView(
    view: string,
    one: TrueCase | undefined,
    by: Caller,
    purpose: string | undefined,
    person: string | undefined,
  ): Expected {
    const common = { action: `${view}.read`, subjects: one ? 1 : 0 };
    if (!one?.parties.has(by.oin)) return { ...refused('CASE_NOT_AVAILABLE'), ...common };
    if (person === undefined) return { ...refused('USER_REFERENCE_REQUIRED'), ...common };
    const verdict = this.verdictIn(one, by, purpose, person);
    if (!verdict.permit) return { ...refused(verdict.code), ...common };
    const there = naiveProperties(view, verdict.row).filter(
      (name) => !OPTIONAL.includes(name) || one.has.includes(name),
    );
    return { status: 200, properties: there.toSorted(), ...common };
  }

  private evaluation(): RandomRequest {
    const view = this.pick(['case', 'dossier', 'timeline']);
    const { one, by } = this.caseAndCaller();
    const purpose = this.pick(KNOWN_PURPOSES);
    const person = this.pick(PERSONS);
    const related = one?.parties.has(by.oin) === true;
    const verdict = related
      ? this.verdictIn(one, by, purpose, person)
      : naiveView({ kind: by.kind, purpose, ended: [], grant: 'none' });
    const evaluation = verdict.permit
      ? { permit: true, groups: naiveGroups(view, verdict.row) }
      : { permit: false, code: verdict.code };
    const expected = { status: 200, evaluation, action: 'policy.evaluate', subjects: one ? 1 : 0 };
    const body = JSON.stringify({ purpose, view, caseId: one?.id ?? NOWHERE });
    const headers = { 'content-type': 'application/json', 'user-reference': person };
    return { by, method: 'POST', path: '/v1/policy-evaluations', headers, body, expected };
  }

  private verdictIn(one: TrueCase, by: Caller, purpose: string | undefined, person: string): Verdict {
    const grant = this.truth.grant(one.id, by.oin, person, purpose);
    return naiveView({ kind: by.kind, purpose, ended: one.ended, grant });
  }

  private caseAndCaller(): { readonly one: TrueCase | undefined; readonly by: Caller } {
    const one = this.chance(0.05) ? undefined : this.pick(this.truth.cases);
    const parties = this.callers.filter(({ oin }) => one?.parties.has(oin));
    return { one, by: parties.length > 0 && this.chance(0.8) ? this.pick(parties) : this.pick(this.callers) };
  }

  private purpose(): string | undefined {
    const draw = this.random();
    if (draw < 0.05) return undefined;
    if (draw < 0.08) return 'P99';
    return draw < 0.35 ? this.pick(['P07', 'P08']) : this.pick(KNOWN_PURPOSES);
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }
}

function refused(code: string): { readonly status: number; readonly code: string } {
  return { status: REFUSED_STATUS[code] ?? 403, code };
}

function asked(by: Caller, path: string, purpose: string | undefined, person: string | undefined) {
  const headers = {
    ...(purpose === undefined ? {} : { 'purpose-of-use': purpose }),
    ...(person === undefined ? {} : { 'user-reference': person }),
  };
  return { by, method: 'GET' as const, path, headers };
}

/** Mulberry32: small, even and the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
