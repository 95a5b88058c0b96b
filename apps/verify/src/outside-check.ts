import { OUTSIDE } from './export-layout.js';
import type { Findings } from './finding.js';
import type { LogSource } from './log-source.js';

/** What the database has and the log has not, as the export lists it; and where it and the index of persons differ. */
export type OutsideLine =
  | { readonly what: 'record'; readonly recordId: string }
  /** `rows`: of the index of persons, for this record or for one that is gone; their keyed codes are not exported. */
  | { readonly what: 'subject'; readonly recordId: string; readonly rows: number; readonly gone: boolean }
  | { readonly what: 'leaf'; readonly epoch: number; readonly index: number; readonly recordId: string }
  | { readonly what: 'head'; readonly epoch: number; readonly size: number; readonly checkpointSize: number };

/** Turns each line of the list into a finding. */
export async function checkOutside(source: LogSource, findings: Findings): Promise<void> {
  const list = await source.read(OUTSIDE, Number.MAX_SAFE_INTEGER);
  if (!list) {
    findings.add({ kind: 'EXPORT_INCOMPLETE', cause: `${OUTSIDE} is missing` });
    return;
  }
  for (const text of list.toString().split('\n').filter(Boolean)) {
    const line = parse(text);
    switch (line?.what) {
      case 'record':
        findings.add({
          kind: 'RECORD_OUTSIDE_LOG',
          recordId: line.recordId,
          cause: 'the record has no leaf, and none is pending',
        });
        break;
      case 'subject':
        findings.add({
          kind: 'SUBJECT_INDEX_ALTERED',
          recordId: line.recordId,
          cause: indexCause(line),
        });
        break;
      case 'leaf':
        findings.add({
          ...{ kind: 'LEAF_OUTSIDE_TREE', epoch: line.epoch, index: line.index, recordId: line.recordId },
          cause: 'the newest checkpoint ends before this leaf',
        });
        break;
      case 'head':
        findings.add({
          ...{ kind: 'LOG_SHRUNK', epoch: line.epoch },
          cause: `the head of the tree has ${line.size} leaves, the newest checkpoint ${line.checkpointSize}`,
        });
        break;
      case undefined:
        findings.add({ kind: 'EXPORT_INCOMPLETE', cause: `${OUTSIDE} has a line that cannot be read` });
    }
  }
}

function indexCause({ rows, gone }: { readonly rows: number; readonly gone: boolean }): string {
  if (gone) return `the index still finds by ${rows} a record that is gone`;
  if (rows === 0) return 'the record names a person, and the index finds it by none';
  return `the index finds the record by ${rows}, more than it names`;
}

function parse(text: string): OutsideLine | null {
  try {
    return JSON.parse(text) as OutsideLine | null;
  } catch {
    return null;
  }
}
