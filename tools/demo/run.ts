import { createPopulation, SEEDS } from '../../apps/agencies/src/population/population.js';
import type { DemoOptions } from './options.js';
import type { AgencyBook } from './reconcile/agency-book.js';
import { tally } from './reconcile/tally.js';

/** Which invented people a demo is about. */
export interface Run {
  readonly residents: number;
  readonly seed: number;
}

const DEFAULT_RUN: Run = { residents: 25, seed: 1 };

/**
 * The run to play. A seed that is asked for is played, or gone on with. Without one a demo takes up the last run of the
 * state it finds; with `--once` only while that run is unfinished, and else new people, so that there is always something
 * to see. Throws when the asked seed stands for other people already.
 */
export function chooseRun(options: DemoOptions, books: readonly AgencyBook[]): Run {
  const played = runsIn(books);
  if (options.seed !== null) {
    const known = played.find((run) => run.seed === options.seed);
    if (known && (options.residents ?? known.residents) !== known.residents) {
      throw new Error(`seed ${known.seed} was played with ${known.residents} residents: choose another seed`);
    }
    return known ?? { residents: options.residents ?? DEFAULT_RUN.residents, seed: options.seed };
  }
  const last = played.at(-1);
  if (!last) return { residents: options.residents ?? DEFAULT_RUN.residents, seed: DEFAULT_RUN.seed };
  const wanted = options.residents ?? last.residents;
  if (wanted === last.residents && !(options.once && isFinished(last, books))) return last;
  return { residents: options.residents ?? DEFAULT_RUN.residents, seed: unusedSeed(played) };
}

/** The entries of the books that are about the people of a run. */
export function booksOf(run: Run, books: readonly AgencyBook[]): readonly AgencyBook[] {
  const people = new Set(createPopulation(run.residents, run.seed).map((person) => person.key));
  const isOurs = (person: string | undefined): boolean => person !== undefined && people.has(person);
  const cases = new Set<string | null>();
  for (const book of books) {
    for (const entry of book.entries) if (entry.kind === 'sent' && isOurs(entry.person)) cases.add(entry.caseId);
  }
  return books.map((book) => ({
    ...book,
    entries: book.entries.filter((entry) => {
      switch (entry.kind) {
        case 'play':
          return entry.seed === run.seed;
        case 'person':
        case 'stay':
          return isOurs(entry.person);
        case 'received':
          return cases.has(entry.caseid);
        case 'sent':
        case 'refused':
        case 'consulted':
          return cases.has(entry.caseId);
      }
    }),
  }));
}

function runsIn(books: readonly AgencyBook[]): readonly Run[] {
  const plays = books.flatMap((book) => book.entries.filter((entry) => entry.kind === 'play'));
  return [...new Map(plays.map(({ residents, seed }) => [seed, { residents, seed }])).values()];
}

/** Everyone was decided upon, and everyone admitted has a stay. */
function isFinished(run: Run, books: readonly AgencyBook[]): boolean {
  const { registered, refusedApplicants } = tally(booksOf(run, books));
  return registered + refusedApplicants >= createPopulation(run.residents, run.seed).length;
}

function unusedSeed(played: readonly Run[]): number {
  const used = new Set(played.map((run) => run.seed));
  const seed = Array.from({ length: SEEDS }, (_, index) => (index + 1) % SEEDS).find((one) => !used.has(one));
  if (seed === undefined) throw new Error('every seed was played: remove the state folder to begin anew');
  return seed;
}
