import type { LoadLine } from './result.js';

/** Machines that are told of. */
export const CORES: readonly number[] = [2, 4, 8];
/** What is left free: for the hour in which more comes, and so that nobody waits long. */
const FREE_SHARE = 1 / 3;

/** What machines of `CORES` cores, with the gateway and its database on them, take a second of one kind of request. */
export interface Sizing {
  readonly name: string;
  readonly perSecond: readonly number[];
}

/**
 * From the CPU seconds that gateway and database spent on 1,000 requests at half of saturation, where a request costs
 * more than on a busy machine. Only of loads in which both worked.
 */
export function sizingOf(loads: readonly LoadLine[]): readonly Sizing[] {
  return loads.flatMap(({ name, cpuPer1000: { gateway, database } }) => {
    if (!gateway || !database) return [];
    const cpuSeconds = (gateway.median + database.median) / 1_000;
    return [{ name, perSecond: CORES.map((cores) => (cores * (1 - FREE_SHARE)) / cpuSeconds) }];
  });
}
