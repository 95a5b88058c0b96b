import { contractByType } from '#contracts/catalogue.js';
import type { ContractId } from '#contracts/contract.js';

/** Message id of an exact CloudEvents type: `nl.lvv.resident-application.v1` is M01. */
export function contractOfType(type: string): ContractId | undefined {
  return contractByType(type)?.id;
}
