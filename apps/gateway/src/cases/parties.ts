import { contractById } from '#contracts/catalogue.js';
import type { ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import type { DossierRequest, GuidanceAssignment } from '#contracts/generated/messages.js';
import { addDays } from './calendar.js';
import type { CaseParty, LocalDate } from './case-snapshot.js';
import { payloadOf } from './payload.js';
import { messageOf, refuse, withCase, type Effect, type Guard, type Progress } from './step.js';

/** Which national parties answer which admission ground (domain 2.4). */
const ASKED_BY_GROUND: Readonly<Record<string, readonly PeerKind[]>> = {
  X1: ['IND'],
  X1b: ['IND'],
  X1c: ['IND'],
  X2: ['IND'],
  X3: ['IND'],
  X4: ['IND'],
  X5: ['IND'],
  X6: ['COA', 'DTV'],
  X7: ['AVIM'],
};

/** A later basis takes the place of an earlier one: a notified DT&V stays notified when it is asked for its part. */
const BASIS_RANK: readonly string[] = ['M02', 'M07', 'M05'];

/**
 * The national parties that a request asks something of: M02 the IND for the match of the V-number, and others by its
 * `questions`; M07 by its `parts`; nobody for any other contract. It says who can answer; whether the route is switched
 * on is for the catalogue and the configuration.
 */
export function partiesAsked(contract: ContractId, data: Readonly<Record<string, unknown>>): readonly PeerKind[] {
  if (contract === 'M02') {
    return [...new Set<PeerKind>(['IND', ...list(data.questions).flatMap((ground) => ASKED_BY_GROUND[ground] ?? [])])];
  }
  if (contract === 'M07') return list(data.parts).filter(isSupplier);
  return [];
}

/**
 * Makes a national party a party of the case from today, also when another process, whose clock was ahead, made it one
 * from tomorrow: what is sent today must reach it. An unregistered kind is left out: nothing can be sent to it.
 */
export function addNational(progress: Progress, kind: PeerKind, basis: string, facts: PartyFacts): Progress {
  const oin = facts.ctx.national[kind];
  if (oin === undefined) return progress;
  const { parties } = progress.snapshot;
  const known = parties.find((party) => party.oin === oin);
  const { today } = facts.ctx;
  if (!known) return withCase(progress, { parties: [...parties, { oin, kind, from: today, basis }] });
  const later = BASIS_RANK.indexOf(basis) > BASIS_RANK.indexOf(known.basis);
  if (!later && known.from <= today) return progress;
  const renewed = { ...known, from: known.from < today ? known.from : today, ...(later ? { basis } : {}) };
  return withCase(progress, { parties: parties.map((party) => (party === known ? renewed : party)) });
}

/** Everyone that this request asks becomes a party, on the basis of the request (design 8: only per request). */
export function addAsked(contract: 'M02' | 'M07'): Effect {
  return (progress, step) => addKinds(progress, step, contract, partiesAsked(contract, messageOf(step).data));
}

/** Kinds whose route needs a basis and has none stay outside the case. */
export function addKinds(
  progress: Progress,
  facts: PartyFacts,
  contract: 'M02' | 'M07',
  kinds: readonly PeerKind[],
): Progress {
  const open = (kind: PeerKind): boolean =>
    !needsBasis(contract, kind) || (facts.ctx.routeBases?.has(`${contract}:${kind}`) ?? false);
  return kinds.filter(open).reduce((done, kind) => addNational(done, kind, contract, facts), progress);
}

/** M43: a term that ends before it begins would make the NGO a party of nothing. */
export const termIsInOrder: Guard = (_progress, step) => {
  const { from, to } = payloadOf<GuidanceAssignment>(step);
  return to < from ? refuse('CASE_STATE_CONFLICT', 'the term of the assignment ends before it begins') : null;
};

/**
 * M43: the NGO is a party within its term, and only there. A new assignment of the same NGO takes the place of what it
 * overlaps, so that a shorter term ends the access early. `to` of the message is its last day; that of a party is not.
 */
export const assignGuidance: Effect = (progress, step) => {
  const { ngo_oin: oin, from, to } = payloadOf<GuidanceAssignment>(step);
  const kept = progress.snapshot.parties.flatMap((party) => (party.oin === oin ? before(party, from) : [party]));
  const party: CaseParty = { oin, kind: 'NGO', from, to: addDays(to, 1), basis: 'M43' };
  return withCase(progress, { parties: [...kept, party] });
};

/** The part of a term that lies before a date; none when it begins on or after it. */
function before(party: CaseParty, date: LocalDate): readonly CaseParty[] {
  if (party.from >= date) return [];
  return [party.to !== undefined && party.to <= date ? party : { ...party, to: date }];
}

function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function needsBasis(contract: ContractId, kind: PeerKind): boolean {
  return contractById(contract).routes.some((route) => route.to === kind && route.needsBasis === true);
}

function isSupplier(kind: string): kind is DossierRequest['parts'][number] {
  return ['IND', 'DTV', 'AVIM', 'COA'].includes(kind);
}

interface PartyFacts {
  readonly ctx: {
    readonly today: LocalDate;
    readonly national: Readonly<Partial<Record<PeerKind, string>>>;
    readonly routeBases?: ReadonlySet<string>;
  };
}
