import { recordIdAt, type EpochResult } from './epoch-check.js';
import { judgeAbsent, judgePresent, type Erasure } from './erasure.js';
import type { FindingKind, Findings } from './finding.js';
import type { LogSource } from './log-source.js';

/** What can only be said of the records of all epochs together: erasures, and ids that stand twice. */
export async function checkRecordsTogether(
  source: LogSource,
  results: readonly EpochResult[],
  findings: Findings,
): Promise<void> {
  const erasures = results.flatMap((result) => result.erasures);
  for (const result of results) {
    await checkErasures(source, result, erasures, findings);
    await checkRepeated(source, result, findings);
  }
}

async function checkErasures(
  source: LogSource,
  result: EpochResult,
  erasures: readonly Erasure[],
  findings: Findings,
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
  const { unlogged, early } = judgeAbsent(epoch, absent, erasures);
  for (const run of unlogged) await addAll('ERASURE_UNLOGGED', run, 'no ERASURE record covers this leaf');
  for (const run of early) {
    await addAll('ERASURE_EARLY', run, `its term had not ended in the month of ERASURE record ${run.by.recordId}`);
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
