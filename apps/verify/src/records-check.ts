import { recordIdAt, type EpochResult } from './epoch-check.js';
import { isPostdated, judgeAbsent, judgePresent, type Erasure } from './erasure.js';
import type { FindingKind, Findings } from './finding.js';
import type { LogSource } from './log-source.js';
import { isAheadOf } from './record-time.js';

/** What can only be said of the records of all epochs together: erasures, and ids that stand twice. `now`: in ms. */
export async function checkRecordsTogether(
  source: LogSource,
  results: readonly EpochResult[],
  findings: Findings,
  now: number,
): Promise<void> {
  const erasures = results.flatMap((result) => result.erasures);
  nameUntimely(erasures, findings, now);
  for (const result of results) {
    await checkErasures(source, result, erasures, findings, now);
    await checkRepeated(source, result, findings);
  }
}

/** Those ahead of the check itself are named where each record is checked. */
function nameUntimely(erasures: readonly Erasure[], findings: Findings, now: number): void {
  for (const erasure of erasures) {
    if (!isPostdated(erasure, now) || isAheadOf(erasure.at, now)) continue;
    const { epoch, index, recordId } = erasure;
    const cause = 'its time is more than a day after that of a record behind it';
    findings.add({ kind: 'RECORD_POSTDATED', epoch, index, recordId, cause });
  }
}

async function checkErasures(
  source: LogSource,
  result: EpochResult,
  erasures: readonly Erasure[],
  findings: Findings,
  now: number,
): Promise<void> {
  const { epoch, absent, size } = result;
  const addAll = async (
    kind: FindingKind,
    { first, last }: { first: number; last: number },
    cause: string,
  ): Promise<void> => {
    for (let index = first; index <= last; index += 1) {
      const recordId = findings.isFull(kind) ? undefined : await recordIdAt(source, result, index);
      findings.add({ kind, epoch, index, ...(recordId !== undefined && { recordId }), cause });
    }
  };
  const { unlogged, early } = judgeAbsent(epoch, absent, erasures, now);
  for (const run of unlogged) await addAll('ERASURE_UNLOGGED', run, 'no ERASURE record covers this leaf');
  for (const run of early) {
    const cause = isPostdated(run.by, now)
      ? `only ERASURE record ${run.by.recordId} covers this leaf, and the time that it bears had not come`
      : `its term had not ended in the month of ERASURE record ${run.by.recordId}`;
    await addAll('ERASURE_EARLY', run, cause);
  }
  for (const run of judgePresent(epoch, size, absent, erasures)) {
    await addAll('ERASURE_UNDONE', run, `ERASURE record ${run.by.recordId} says that it is gone`);
  }
}

async function checkRepeated(source: LogSource, result: EpochResult, findings: Findings): Promise<void> {
  const firstAt = new Map<string, number>();
  for (const { index } of result.repeated) {
    const recordId = await recordIdAt(source, result, index);
    const first = recordId === undefined ? undefined : firstAt.get(recordId);
    if (recordId === undefined) continue;
    if (first === undefined) {
      firstAt.set(recordId, index);
      continue;
    }
    const cause = `the record at index ${first} has the same id`;
    findings.add({ kind: 'RECORD_TWICE', epoch: result.epoch, index, recordId, cause });
  }
}
