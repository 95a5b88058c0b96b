import type { Contract, ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import type { Release } from './decision.js';

export type ReleaseCondition = NonNullable<Release['condition']>;

/** What the conditions look at besides the content. Null where a view is not one message: then they do not hold. */
export interface ProjectionContext {
  readonly contract: ContractId | null;
  readonly sender: { readonly oin: string; readonly kind: PeerKind } | null;
  readonly readerOin: string;
}

/** Classes of an exit as an NGO sees them (condition 15). */
const EXIT_CLASSES = ['DURABLE', 'TEMPORARY', 'OTHER'] as const;
/** Condition 16a: AVIM is told of people who left with unknown destination and of departures. */
const MOB_AND_DEPARTURES = ['MOB', 'RETURN', 'ONWARD'] as const;
/** Condition 16c: COA is told of exits into its own reception. */
const AZC_ART64_VBL = ['HASA_AZC', 'ART64', 'ART64_RECEPTION', 'VBL'] as const;
/** Where a contract says why the stay ended; no other contract can fulfil 16a or 16c. */
const EXIT_REASON: Readonly<Partial<Record<ContractId, string>>> = { M23: 'kind', M24: 'reason' };

/** Condition 15, asked of the value as it would be released: the class alone, never the reason itself. */
export function isExitClass(value: unknown): boolean {
  return (EXIT_CLASSES as readonly unknown[]).includes(value);
}

/** Condition 16a, on the content as it was accepted. */
export function isMobOrDeparture(contract: ContractId | null, data: Readonly<Record<string, unknown>>): boolean {
  return (MOB_AND_DEPARTURES as readonly unknown[]).includes(exitReason(contract, data));
}

/** Condition 16c, on the content as it was accepted. */
export function isAzcArt64OrVbl(contract: ContractId | null, data: Readonly<Record<string, unknown>>): boolean {
  return (AZC_ART64_VBL as readonly unknown[]).includes(exitReason(contract, data));
}

/** Condition 17: the police read back what they reported themselves, and nobody else's reports. */
export function isOwnPoliceReport({ sender, readerOin }: ProjectionContext): boolean {
  return sender !== null && sender.kind === 'AVIM' && sender.oin === readerOin;
}

/**
 * Condition M: text that the municipality wrote itself, the plan steps of the scenario decision (M15) or the guidance
 * assignment (M43); never what IND or DT&V supplied, even if it says the same.
 */
export function isWrittenByMunicipality(
  contract: ContractId | null,
  sender: { readonly kind: PeerKind } | null,
  pointer: string,
): boolean {
  if (sender?.kind !== 'MUNICIPALITY') return false;
  return contract === 'M43' || (contract === 'M15' && /^\/plan_steps(\/|$)/.test(pointer));
}

/** Whether a release's condition holds for this property of this message. 15 is asked of the value: isExitClass. */
export function conditionHolds(
  condition: ReleaseCondition,
  pointer: string,
  data: Readonly<Record<string, unknown>>,
  context: ProjectionContext,
): boolean {
  switch (condition) {
    case '15':
      return true;
    case '16a':
      return isMobOrDeparture(context.contract, data);
    case '16c':
      return isAzcArt64OrVbl(context.contract, data);
    case '17':
      return isOwnPoliceReport(context);
    case 'M':
      return isWrittenByMunicipality(context.contract, context.sender, pointer);
  }
}

/** Whether it could hold for some content of this contract: what `released` is computed from, so that it is no oracle. */
export function conditionCanHold(condition: ReleaseCondition, pointer: string, contract: Contract | null): boolean {
  switch (condition) {
    case '15':
      return true;
    case '16a':
    case '16c':
      return contract !== null && EXIT_REASON[contract.id] !== undefined;
    case '17':
      return contract?.senders.includes('AVIM') ?? false;
    case 'M':
      return contract?.senders.some((kind) => isWrittenByMunicipality(contract.id, { kind }, pointer)) ?? false;
  }
}

function exitReason(contract: ContractId | null, data: Readonly<Record<string, unknown>>): unknown {
  const property = contract === null ? undefined : EXIT_REASON[contract];
  return property === undefined ? undefined : data[property];
}
