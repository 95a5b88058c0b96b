import type { StartProblem } from './start-error.js';

/** Faults that a demo may have, so that whoever counts can show that the count would notice. */
export const DEMO_FAULTS = ['drop-one', 'double-one', 'reorder-one'] as const;
export type DemoFault = (typeof DEMO_FAULTS)[number];

/** From DEMO_FAULT: one or more, with commas between them. Refused in production. */
export function demoFaults(
  env: Readonly<Record<string, string | undefined>>,
  mode: string,
  problems: StartProblem[],
): readonly DemoFault[] {
  const names = (env.DEMO_FAULT ?? '').split(',').filter(Boolean);
  const known = DEMO_FAULTS.filter((fault) => names.includes(fault));
  if (names.length > 0 && mode !== 'demo')
    problems.push({ cause: 'DEMO_FAULT is set in production', nextStep: 'Unset it: only a demo may lose a message.' });
  if (names.length > known.length)
    problems.push({ cause: 'DEMO_FAULT names no fault', nextStep: `Use some of: ${DEMO_FAULTS.join(', ')}.` });
  return known;
}
