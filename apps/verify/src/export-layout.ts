import { tilePath } from '#ledger/tiles.js';

/** Files of an export (docs/verify-the-log.md). Those of C2SP tlog-tiles have the paths of that standard. */
export const CHECKPOINT = 'checkpoint';
/** Newest checkpoint with cosignatures: witnesses come a little later than the log. */
export const COSIGNED = 'checkpoint-cosigned';
export const KEY = 'key';
export const WITNESSES = 'witnesses.json';
/** What the export is: format, moment, epochs. */
export const ABOUT = 'export.json';
/** Records that neither the log nor its queue has, and leaves behind the end of the tree: one JSON object a line. */
export const OUTSIDE = 'outside.jsonl';
export const FORMAT = 1;

export interface AboutExport {
  readonly format: typeof FORMAT;
  /** RFC 3339, UTC: moment of the snapshot. */
  readonly at: string;
  readonly epochs: readonly { readonly epoch: number; readonly origin: string; readonly size: number }[];
  readonly withRecords: boolean;
  /** Records that were on their way into the log at that moment. */
  readonly pending: number;
}

/** Folder of an epoch, with its slash; the first epoch is the export itself. */
export function epochFolder(epoch: number): string {
  return epoch === 1 ? '' : `epochs/${epoch}/`;
}

/** For each leaf of a bundle: uint32 length of the record, salt of 32 bytes, record; length 0 alone when it is absent. */
export function recordsPath(n: number, width: number): string {
  return `${tilePath({ level: 'entries', n, width }).replace(/^tile\/entries/, 'records')}.bin`;
}

/** For each leaf one line: its searchable columns, or `{"absent":"<record id>"}`. */
export function columnsPath(n: number, width: number): string {
  return `${tilePath({ level: 'entries', n, width }).replace(/^tile\/entries/, 'columns')}.jsonl`;
}
