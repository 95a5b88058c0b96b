import type { ContractId } from '#contracts/contract.js';

/** Messages that are recorded in the case and move nothing by themselves, each with its reason. */
export const WITHOUT_TRANSITION: Readonly<Partial<Record<ContractId, string>>> = {
  M03: 'answers are recorded; the municipality decides on them in M04',
  M30: 'the author and the access log keep who purged what',
  M37: 'the named controllers answer the resident, in a data-subject report; the case goes on as it was',
  M43: 'the NGO becomes a party of the case within its term',
};
