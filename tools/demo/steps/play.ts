import { setTimeout as sleep } from 'node:timers/promises';
import type { BookEntry } from '../../../apps/agencies/src/book/book-entry.js';
import type { Progress } from '../../../apps/agencies/src/http/control.controller.js';
import { getJson, postJson } from '../http-json.js';
import type { DemoPorts } from '../ports.js';
import type { AgencyBook } from '../reconcile/agency-book.js';
import { type Reconciliation, reconcile } from '../reconcile/reconcile.js';
import { type Tally, tally } from '../reconcile/tally.js';
import { ROSTER } from '../roster.js';
import { booksOf, type Run } from '../run.js';
import { controlUrl, systemUrl } from './addresses.js';

const LOOK_EVERY_MS = 1000;
/** When nothing has moved for so long, what is missing then is missing. */
const STILL_LIMIT_MS = 20_000;

export interface Standing {
  readonly tally: Tally;
  readonly reconciliation: Reconciliation;
  /** Own messages that the gateway refused for good, by contract and code. */
  readonly refusals: readonly string[];
  readonly settled: boolean;
}

/** Lets all systems know the people of the run. The municipalities are told last, because they begin. */
export async function startRun(ports: DemoPorts, { residents, seed }: Run): Promise<void> {
  const municipalitiesLast = [...ROSTER].sort(
    (left, right) => Number(left.kind === 'MUNICIPALITY') - Number(right.kind === 'MUNICIPALITY'),
  );
  const urls = new Set(municipalitiesLast.map((peer) => controlUrl(ports, peer.name)));
  for (const url of urls) await postJson(`${url}/play`, { residents, seed });
}

/** Follows a run until everything expected has arrived or nothing moves any more. Rejects when `stop` is aborted. */
export async function follow(
  ports: DemoPorts,
  run: Run,
  stop: AbortSignal,
  show: (standing: Standing) => void,
): Promise<Standing> {
  let entries = -1;
  let movedAt = Date.now();
  for (;;) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: stop });
    const standing = await look(ports, run).catch(() => null);
    // A process that is being started again does not answer for a moment.
    if (!standing) continue;
    show(standing.standing);
    if (standing.standing.settled) return standing.standing;
    if (standing.entries !== entries) movedAt = Date.now();
    entries = standing.entries;
    if (Date.now() - movedAt > STILL_LIMIT_MS) return standing.standing;
  }
}

async function look(ports: DemoPorts, run: Run): Promise<{ standing: Standing; entries: number }> {
  const controls = [...new Set(ROSTER.map((peer) => controlUrl(ports, peer.name)))];
  // Asked before the books are read: what is not pending now has its entries in them.
  const progress = await Promise.all(controls.map((url) => getJson<Progress>(`${url}/progress`)));
  const books = booksOf(run, await readBooks(ports));
  const counts = tally(books);
  const reconciliation = reconcile(books);
  const pending = progress.reduce((sum, one) => sum + one.pending, 0);
  const settled = pending === 0 && reconciliation.lost.length === 0 && counts.registered >= run.residents;
  return {
    standing: { tally: counts, reconciliation, refusals: refusalsIn(books), settled },
    entries: progress.reduce((sum, one) => sum + one.entries, 0),
  };
}

export async function readBooks(ports: DemoPorts): Promise<readonly AgencyBook[]> {
  return Promise.all(
    ROSTER.map(async ({ name, oin, kind }) => {
      const book = await getJson<{ entries: readonly BookEntry[] }>(`${systemUrl(ports, name)}/book`);
      return { name, oin, kind, entries: book.entries };
    }),
  );
}

function refusalsIn(books: readonly AgencyBook[]): string[] {
  return books.flatMap((book) =>
    book.entries.flatMap((entry) =>
      entry.kind === 'refused' ? [`${book.name} ${entry.contract} ${entry.status} ${entry.code}`] : [],
    ),
  );
}
