import { LedgerError } from './ledger-error.js';
import { TILE_WIDTH } from './tiles.js';

const LENGTH_BYTES = 2;
/** The length stands in a uint16. */
export const BUNDLED_ENTRY_BYTES_MAX = 0xffff;

/** C2SP tlog-tiles, "Log entries": 1..256 entries, each behind its length as big-endian uint16. Throws BUNDLE_MALFORMED. */
export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  if (entries.length < 1 || entries.length > TILE_WIDTH) throw malformed('must hold 1 to 256 entries');
  const bytes = Buffer.alloc(entries.reduce((total, entry) => total + LENGTH_BYTES + entry.length, 0));
  let offset = 0;
  for (const entry of entries) {
    if (entry.length > BUNDLED_ENTRY_BYTES_MAX) throw malformed('has an entry of more than 65535 bytes');
    offset = bytes.writeUInt16BE(entry.length, offset);
    bytes.set(entry, offset);
    offset += entry.length;
  }
  return bytes;
}

/** The entries of a bundle, as views on its bytes. Throws BUNDLE_MALFORMED, also when it has not `width` entries. */
export function decodeBundle(bytes: Uint8Array, width?: number): Buffer[] {
  const bundle = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Buffer[] = [];
  for (let offset = 0; offset < bundle.length;) {
    if (entries.length === TILE_WIDTH) throw malformed('has more than 256 entries');
    if (offset + LENGTH_BYTES > bundle.length) throw malformed('ends within a length');
    const start = offset + LENGTH_BYTES;
    offset = start + bundle.readUInt16BE(offset);
    if (offset > bundle.length) throw malformed('ends within an entry');
    entries.push(bundle.subarray(start, offset));
  }
  if (entries.length === 0) throw malformed('is empty');
  if (width !== undefined && entries.length !== width) throw malformed(`has not the ${width} entries of its name`);
  return entries;
}

function malformed(detail: string): LedgerError {
  return new LedgerError('BUNDLE_MALFORMED', `the bundle ${detail}`);
}
