import type { Contract, Route } from '#contracts/contract.js';
import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import { partiesAsked } from '../cases/parties.js';
import type { CaseParty, CaseSnapshot, LocalDate } from '../cases/case-snapshot.js';

export interface Recipient {
  readonly oin: string;
  readonly purpose: PurposeCode;
}

export interface RoutingFacts {
  readonly contract: Contract;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sender: { readonly oin: string; readonly kind: PeerKind };
  /** The case after the transition; null for a message without a case. */
  readonly snapshot: CaseSnapshot | null;
  readonly today: LocalDate;
  readonly national: Readonly<Partial<Record<PeerKind, string>>>;
  /** Routes that need a configured basis and have one: `M02:AVIM`. */
  readonly bases: ReadonlySet<string>;
  /** Of the message that M28, M29, M30 or M40 is about. */
  readonly target: { readonly senderOin: string; readonly recipients: readonly string[] } | null;
}

/**
 * Who receives an accepted message, and for which purpose: the catalogue's routes over the parties of the case.
 * Each recipient once; never the sender. Pure.
 */
export function recipientsOf(facts: RoutingFacts): readonly Recipient[] {
  const found = new Map<string, Recipient>();
  for (const route of facts.contract.routes) {
    if (route.needsBasis && !facts.bases.has(`${facts.contract.id}:${route.to}`)) continue;
    for (const oin of candidates(route, facts)) {
      if (oin !== facts.sender.oin && !found.has(oin)) found.set(oin, { oin, purpose: route.purpose });
    }
  }
  return [...found.values()];
}

function candidates(route: Route, facts: RoutingFacts): readonly string[] {
  switch (route.when) {
    case 'ALWAYS':
      return parties(route.to, facts);
    case 'NAMED':
      return parties(route.to, facts).filter((oin) => oin === facts.data.ngo_oin);
    case 'QUESTIONS': {
      const oin = facts.national[route.to];
      return oin !== undefined && partiesAsked(facts.contract.id, facts.data).includes(route.to) ? [oin] : [];
    }
    case 'STAY_CHANGED':
      return facts.data.event === 'STARTED' ? [] : parties(route.to, facts);
    case 'FROM_NGO':
      return facts.sender.kind === 'NGO' ? parties(route.to, facts) : [];
    case 'PAST_RECIPIENTS':
      return facts.target?.recipients ?? [];
    case 'AUTHOR':
      return facts.target ? [facts.target.senderOin] : [];
    case 'CONTROLLERS':
      return controllersNamed(route.to, facts);
  }
}

/**
 * M37. A sender sees in the status of its message who got it. That the police is a party may be learnt by nobody in this
 * way: only the municipality, which alone can have asked the police, reaches it here. Others get the police's own answer.
 */
function controllersNamed(kind: PeerKind, facts: RoutingFacts): readonly string[] {
  const named = Array.isArray(facts.data.controllers) ? (facts.data.controllers as readonly unknown[]) : [];
  if (kind === 'AVIM' && facts.sender.kind !== 'MUNICIPALITY') return [];
  return (facts.snapshot?.parties ?? [])
    .filter((party) => party.kind === kind && party.from <= facts.today && named.includes(party.oin))
    .map((party) => party.oin);
}

function parties(kind: PeerKind, facts: RoutingFacts): readonly string[] {
  const running = (party: CaseParty): boolean =>
    party.from <= facts.today && (party.to === undefined || facts.today < party.to);
  return (facts.snapshot?.parties ?? [])
    .filter((party) => party.kind === kind && running(party))
    .map((party) => party.oin);
}
