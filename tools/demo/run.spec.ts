import { describe, expect, it } from '@jest/globals';
import { createPopulation } from '../../apps/agencies/src/population/population.js';
import type { DemoOptions } from './options.js';
import { BookWriter, writeRefused, writeResident } from './reconcile/testing/books.js';
import { reconcile } from './reconcile/reconcile.js';
import { tally } from './reconcile/tally.js';
import { booksOf, chooseRun, type Run } from './run.js';

const AT = '2026-03-02T09:00:00.000Z';
const options = (change: Partial<DemoOptions> = {}): DemoOptions => ({
  once: false, broker: 'auto', residents: null, seed: null, json: false, separate: false, state: null, ...change,
}); // prettier-ignore

/** Books in which a run was started, and played to its end if asked. */
function played(run: Run, finished: boolean, writer = new BookWriter()): BookWriter {
  writer.write('ams', { kind: 'play', at: AT, ...run });
  if (!finished) return writer;
  for (const { key, exclusion } of createPopulation(run.residents, run.seed)) {
    if (exclusion === null) writeResident(writer, `case-${key}`, key);
    else writeRefused(writer, `case-${key}`, key);
  }
  return writer;
}

describe('which run a demo plays', () => {
  it('is 25 residents of seed 1 where nothing was played', () => {
    const nothing = new BookWriter().books();
    expect(chooseRun(options(), nothing)).toEqual({ residents: 25, seed: 1 });
    expect(chooseRun(options({ residents: 3, seed: 7 }), nothing)).toEqual({ residents: 3, seed: 7 });
  });

  it('is the last one again at a second start, finished or not', () => {
    for (const finished of [true, false]) {
      expect(chooseRun(options(), played({ residents: 4, seed: 9 }, finished).books())).toEqual({
        residents: 4,
        seed: 9,
      });
    }
  });

  it('is with --once the last one while it is unfinished, and new people after that', () => {
    const once = options({ once: true });
    expect(chooseRun(once, played({ residents: 25, seed: 1 }, false).books())).toEqual({ residents: 25, seed: 1 });
    const writer = played({ residents: 25, seed: 1 }, true);
    expect(chooseRun(once, writer.books())).toEqual({ residents: 25, seed: 2 });
    played({ residents: 25, seed: 2 }, true, writer);
    expect(chooseRun(once, writer.books())).toEqual({ residents: 25, seed: 3 });
  });

  it('never mixes two runs of one seed with different numbers of people', () => {
    const books = played({ residents: 25, seed: 1 }, true).books();
    expect(() => chooseRun(options({ residents: 5, seed: 1 }), books)).toThrow(/seed 1 was played with 25 residents/);
    expect(chooseRun(options({ residents: 5 }), books)).toEqual({ residents: 5, seed: 2 });
    expect(chooseRun(options({ seed: 1 }), books)).toEqual({ residents: 25, seed: 1 });
  });

  it('is counted by itself: earlier runs change none of its figures', () => {
    const writer = played({ residents: 5, seed: 1 }, true);
    writer.make('M05', 'case-s1-0001', {}, ['dtv']);
    played({ residents: 7, seed: 2 }, true, writer);
    const second = booksOf({ residents: 7, seed: 2 }, writer.books());
    expect(tally(second)).toMatchObject({ registered: 7, knownToDtv: 7, refusedApplicants: 2 });
    expect(reconcile(second)).toMatchObject({ lost: [], doubled: [] });
    expect(reconcile(booksOf({ residents: 5, seed: 1 }, writer.books())).doubled).toHaveLength(1);
  });
});
