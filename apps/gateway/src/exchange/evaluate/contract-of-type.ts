import { contractByType } from '#contracts/catalogue.js';
import type { Contract } from '#contracts/contract.js';
import { GatewayError } from '../../errors.js';

/** The contract of a CloudEvents type; undefined when none is named. @throws GatewayError `CONTRACT_UNKNOWN` */
export function contractOfType(type: string | undefined): Contract | undefined {
  if (type === undefined) return undefined;
  const contract = contractByType(type);
  if (!contract) throw new GatewayError('CONTRACT_UNKNOWN', 'the type is not one of the catalogue');
  return contract;
}
