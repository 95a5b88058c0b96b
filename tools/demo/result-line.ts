import type { Standing } from './steps/play.js';

interface Counts {
  readonly registered: number;
  readonly known_to_dtv: number;
  readonly delivered: number;
  readonly held: number;
  readonly outstanding: number;
  readonly rest_running: number;
  readonly lost: number;
  readonly doubled: number;
}

function countsOf({ tally, reconciliation }: Standing): Counts {
  return {
    registered: tally.registered,
    known_to_dtv: tally.knownToDtv,
    delivered: tally.delivered,
    held: tally.held,
    outstanding: tally.outstanding,
    rest_running: tally.restRunning,
    lost: reconciliation.lost.length,
    doubled: reconciliation.doubled.length,
  };
}

/** The last line of `demo -- --once`; its form is fixed, others read it. */
export function resultLine(standing: Standing, json: boolean): string {
  const counts = countsOf(standing);
  if (json) return JSON.stringify(counts);
  return Object.entries(counts)
    .map(([name, count]) => `${name}=${count}`)
    .join(' ');
}

/** True only when everyone with a stay is known to DT&V, and nothing is missing, doubled or told of the refused. */
export function isComplete(standing: Standing, residents: number): boolean {
  const { registered, known_to_dtv, lost, doubled } = countsOf(standing);
  const told = standing.reconciliation.refusedKnownToDtv.length;
  return registered >= residents && known_to_dtv === registered && lost === 0 && doubled === 0 && told === 0;
}
