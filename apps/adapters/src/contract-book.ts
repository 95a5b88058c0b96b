import { CONTRACTS, contractByType } from '#contracts/catalogue.js';
import { validatePayload } from '#contracts/validate.js';
import type { ContractBook } from './local-api/build-event.js';

/** The catalogue that this build carries. Pointers are as in the gateway's answers: `/data/...`. */
export const contractBook: ContractBook = {
  find: (name) => contractByType(name) ?? CONTRACTS.find(({ id }) => id === name),
  validate: (contract, data) =>
    validatePayload(contract, data).map((issue) => ({ ...issue, pointer: `/data${issue.pointer}` })),
};
