import type { Contract } from '#contracts/contract.js';
import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import type { ContractUse } from './config.js';

/** Purposes that may follow on one another for the same content (design 8): P03 -> P04 -> P05 and P06. */
const SUCCESSORS: Readonly<Partial<Record<PurposeCode, readonly PurposeCode[]>>> = {
  P03: ['P04'],
  P04: ['P05', 'P06'],
};

export interface PurposeProblem {
  readonly cause: string;
  readonly nextStep: string;
}

/**
 * An adapter that would fetch content without a purpose from its own agency would turn the purpose into an echo. So
 * every contract that the catalogue can route to this kind of peer must be named, with a purpose of such a route.
 */
export function purposeProblems(
  kind: PeerKind,
  uses: Readonly<Record<string, ContractUse>>,
  catalogue: readonly Contract[],
): readonly PurposeProblem[] {
  const known = new Map(catalogue.map((contract) => [contract.type, contract]));
  const unknown = Object.keys(uses).filter((type) => !known.has(type));
  const missing = catalogue.filter((contract) => allowedPurposes(kind, contract).length > 0 && !uses[contract.type]);
  return [
    ...unknown.map((type) => ({
      cause: `contracts names '${type}', which the catalogue does not have`,
      nextStep: 'Correct the type, or remove it.',
    })),
    ...missing.map((contract) => ({
      cause: `${contract.id} ${contract.type} can be sent to ${kind}, but has no purpose and processing activity`,
      nextStep: `Add it under contracts; its purposes here: ${allowedPurposes(kind, contract).join(', ')}.`,
    })),
    ...catalogue.flatMap((contract) => wrongPurpose(kind, contract, uses[contract.type])),
  ];
}

function wrongPurpose(kind: PeerKind, contract: Contract, use: ContractUse | undefined): readonly PurposeProblem[] {
  const allowed = allowedPurposes(kind, contract);
  const sends = contract.senders.includes(kind);
  if (
    !use ||
    allowed.includes(use.purpose) ||
    (allowed.length === 0 && sends && contract.purposes.includes(use.purpose))
  )
    return [];
  if (allowed.length === 0 && !sends) {
    return [
      {
        cause: `${contract.id} ${contract.type} is never sent to or by ${kind}`,
        nextStep: 'Remove it from contracts.',
      },
    ];
  }
  const nextStep = `Use one of ${(allowed.length > 0 ? allowed : contract.purposes).join(', ')}.`;
  return [
    {
      cause: `${contract.id} ${contract.type} has purpose ${use.purpose}, for which no route brings it to ${kind}`,
      nextStep,
    },
  ];
}

/** Purposes for which this kind of peer may read the contract: those of its routes and what may follow on them. */
export function allowedPurposes(kind: PeerKind, contract: Contract): readonly PurposeCode[] {
  const allowed = new Set<PurposeCode>();
  const add = (purpose: PurposeCode): void => {
    if (allowed.has(purpose)) return;
    allowed.add(purpose);
    SUCCESSORS[purpose]?.forEach(add);
  };
  for (const route of contract.routes) if (route.to === kind) add(route.purpose);
  return [...allowed].sort();
}
