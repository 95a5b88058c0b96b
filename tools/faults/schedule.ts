import type { Prng } from '../../apps/agencies/src/population/prng.js';
import type { Durations, Fault } from './fault.js';
import type { Options } from './options.js';

/** From so many minutes on each fault happens at least three times. */
const LONG_MINUTES = 60;
const LONG_ROUNDS = 3;

/** What a run does: rounds over the faults, each in another order, at least so many and until the time is over. */
export interface Plan {
  readonly faults: readonly Fault[];
  readonly minRounds: number;
  readonly untilMs: number;
  readonly durations: () => Durations;
}

export function planOf({ minutes, quick, only }: Options, all: readonly Fault[], chance: Prng): Plan {
  const chosen = only.length > 0 ? all.filter(({ name }) => only.includes(name)) : all;
  const between = (fromMs: number, toMs: number) => (): number => chance.int(fromMs, toMs);
  if (quick)
    return {
      faults: only.length > 0 ? chosen : oneOfEachKind(chosen, chance),
      minRounds: 1,
      untilMs: 0,
      durations: lasting(between(0, 1_000), between(3_000, 5_000), between(2_000, 3_000)),
    };
  return {
    faults: chosen,
    minRounds: minutes >= LONG_MINUTES ? LONG_ROUNDS : 1,
    untilMs: minutes * 60_000,
    durations: lasting(between(0, 5_000), () => 30_000, between(4_000, 12_000)),
  };
}

function lasting(downMs: () => number, frozenMs: () => number, otherMs: () => number) {
  return (): Durations => ({
    downMs: downMs(),
    frozenMs: frozenMs(),
    linkMs: otherMs(),
    diskMs: otherMs(),
    clockMs: otherMs(),
  });
}

/** Every kill, and of what else begins alike one each: `freeze-`, `cut-`, `hole-`, `slow-`, `clock-`. */
function oneOfEachKind(faults: readonly Fault[], chance: Prng): readonly Fault[] {
  const kinds = new Map<string, Fault[]>();
  for (const fault of faults) {
    const kind = fault.name.startsWith('kill-') ? fault.name : (fault.name.split('-')[0] ?? '');
    kinds.set(kind, [...(kinds.get(kind) ?? []), fault]);
  }
  return [...kinds.values()].map((alike) => chance.pick(alike));
}

/** The faults in the order in which they happen: round after round, each shuffled anew. */
export function* rounds({ faults }: Plan, chance: Prng): Generator<{ readonly fault: Fault; readonly round: number }> {
  for (let round = 1; faults.length > 0; round += 1) for (const fault of chance.shuffle(faults)) yield { fault, round };
}
