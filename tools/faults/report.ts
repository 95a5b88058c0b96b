import type { Counts } from './books/count.js';
import { seconds } from './fault.js';
import type { Made } from './run-faults.js';

/** All that a run came to. */
export interface Outcome {
  readonly seed: number;
  readonly accepted: number;
  readonly arrived: number;
  readonly made: readonly Made[];
  readonly notRun: ReadonlyMap<string, string>;
  readonly counts: Counts;
  readonly verifier: readonly string[];
  /** Alarms that stand, of adapters and gateway. */
  readonly witnesses: readonly string[];
  /** Answers that no sender should see. */
  readonly unexpected: readonly string[];
  /** What was not over when it should have been. */
  readonly unfinished: readonly string[];
  readonly notes: readonly string[];
}

const SHOWN = 5;

/** What must be 0, in the words of the guarantee that it shows. */
function findings(outcome: Outcome): readonly (readonly [string, readonly string[]])[] {
  const { counts, verifier, witnesses, unexpected, unfinished } = outcome;
  return [
    ['accepted and not delivered', counts.lost],
    ['doubled in effect', counts.doubled],
    ['out of order in a case', counts.outOfOrder],
    ['records missing for a disclosure', counts.recordsMissing],
    ["stays without DT&V's delivery", counts.staysUntold],
    ['findings of the verifier', verifier],
    ['alarms of the witnesses', witnesses],
    ['answers that no sender should see', unexpected],
    ['not finished in time', unfinished],
  ];
}

/** Exit code: under CI a fault that could not be made has not been survived. */
export function exitCodeOf(outcome: Outcome, inCi: boolean): number {
  const clean = findings(outcome).every(([, list]) => list.length === 0) && outcome.accepted > 0;
  return clean && !(inCi && outcome.notRun.size > 0) ? 0 : 1;
}

export function asText(outcome: Outcome): string {
  const { made, notRun, accepted, arrived, seed, notes } = outcome;
  const names = [...new Set(made.map(({ name }) => name))].sort();
  const rows = names.map((name) => faultRow(name, made));
  const counted = findings(outcome).flatMap(([what, list]) => [
    `${String(list.length).padStart(8)}  ${what}`,
    ...list.slice(0, SHOWN).map((one) => `            ${one}`),
    ...(list.length > SHOWN ? [`            and ${list.length - SHOWN} more`] : []),
  ]);
  return [
    '',
    `${'fault'.padEnd(24)} times   lasted   accepted again   all delivered   longest answer`,
    ...rows,
    ...[...notRun].map(([name, why]) => `${name.padEnd(24)} not run: ${why}`),
    ...notes.map((note) => `note: ${note}`),
    '',
    `${made.length} faults of seed ${seed}; ${accepted.toLocaleString('en')} messages accepted, ${arrived.toLocaleString('en')} arrivals at systems`,
    ...counted,
  ].join('\n');
}

/** The worst of each over all its times. */
function faultRow(name: string, made: readonly Made[]): string {
  const same = made.filter((one) => one.name === name);
  const worst = (of: (one: Made) => number | null): string => {
    const all = same.map(of);
    const shown = all.includes(null) ? 'late' : seconds(Math.max(...all.map(Number)));
    return shown;
  };
  return (
    `${name.padEnd(24)} ${String(same.length).padStart(5)} ${worst(({ lastedMs }) => lastedMs).padStart(8)} ` +
    `${worst((one) => one.acceptedAfterMs).padStart(16)} ${worst((one) => one.deliveredAfterMs).padStart(15)} ` +
    `${worst((one) => one.slowestAcceptMs).padStart(16)}`
  );
}

export function asJson(outcome: Outcome, code: number): string {
  const { counts, notRun, ...rest } = outcome;
  const numbers = Object.fromEntries(findings(outcome).map(([what, list]) => [what, list.length]));
  return JSON.stringify({ ok: code === 0, numbers, ...rest, found: counts, notRun: Object.fromEntries(notRun) });
}
