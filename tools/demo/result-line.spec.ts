import { describe, expect, it } from '@jest/globals';
import { isComplete, resultLine } from './result-line.js';
import type { Standing } from './steps/play.js';

const finding = { contract: 'M05', caseId: 'c', receiver: 'dtv' } as const;
const standing = (change: Partial<Standing['tally']> = {}, found: Partial<Standing['reconciliation']> = {}): Standing => ({
  tally: {
    registered: 25, knownToDtv: 25, delivered: 20, held: 2, outstanding: 3, restRunning: 20, refusedApplicants: 5, ...change,
  },
  reconciliation: { expected: 300, lost: [], doubled: [], refusedKnownToDtv: [], ...found },
  refusals: [],
  settled: true,
}); // prettier-ignore

describe('the last line of the demo', () => {
  it('has the fixed form', () => {
    expect(resultLine(standing(), false)).toBe(
      'registered=25 known_to_dtv=25 delivered=20 held=2 outstanding=3 rest_running=20 lost=0 doubled=0',
    );
  });

  it('says the same as JSON', () => {
    expect(JSON.parse(resultLine(standing({}, { lost: [finding] }), true))).toEqual({
      registered: 25, known_to_dtv: 25, delivered: 20, held: 2, outstanding: 3, rest_running: 20, lost: 1, doubled: 0,
    }); // prettier-ignore
  });

  it('is good only when everybody is known to DT&V and nothing is lost, doubled or told too much', () => {
    expect(isComplete(standing(), 25)).toBe(true);
    expect(isComplete(standing({ knownToDtv: 24 }), 25)).toBe(false);
    expect(isComplete(standing({}, { lost: [finding] }), 25)).toBe(false);
    expect(isComplete(standing({}, { doubled: [finding] }), 25)).toBe(false);
    expect(isComplete(standing({}, { refusedKnownToDtv: [finding] }), 25)).toBe(false);
    expect(isComplete(standing({ registered: 24, knownToDtv: 24 }), 25)).toBe(false);
  });
});
