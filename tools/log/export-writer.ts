import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SALT_BYTES } from '#ledger/entry.js';
import { encodeBundle } from '#ledger/entry-bundle.js';
import { tilePath, type TileId } from '#ledger/tiles.js';
import { columnsPath, recordsPath } from '../../apps/verify/src/export-layout.js';
import { COLUMNS, type Columns } from '../../apps/verify/src/record-columns.js';
import { writeAtomically } from '../pki/private-files.js';

const LENGTH_BYTES = 4;
const PUBLIC = { folder: 0o755, file: 0o644 } as const;
/** Records are personal data: only the account that exports them may read them. */
const PRIVATE = { folder: 0o700, file: 0o600 } as const;

/** One leaf as the database has it. */
export interface ExportedLeaf {
  readonly recordId: string;
  /** Empty when the leaf itself is missing. */
  readonly entry: Buffer;
  /** Null when the record is gone. */
  readonly record: { readonly canonical: Buffer; readonly salt: Buffer; readonly columns: Columns } | null;
}

/** Writes the files of an export, each whole or not at all, in the layout of docs/verify-the-log.md. */
export class ExportWriter {
  private readonly made = new Set<string>();

  constructor(
    readonly folder: string,
    private readonly withRecords: boolean,
  ) {}

  /** The folder itself: closed to others as soon as it holds records. */
  async open(): Promise<void> {
    const { folder } = this.withRecords ? PRIVATE : PUBLIC;
    await mkdir(this.folder, { recursive: true, mode: folder });
    await chmod(this.folder, folder);
  }

  text(path: string, content: string): Promise<void> {
    return this.write(path, content, PUBLIC);
  }

  tile(epochFolder: string, id: TileId, hashes: Buffer): Promise<void> {
    return this.write(epochFolder + tilePath(id), hashes, PUBLIC);
  }

  /** A bundle of entries and, beside it, its records and their columns. The entries come last: they say it is whole. */
  async bundle(epochFolder: string, n: number, leaves: readonly ExportedLeaf[]): Promise<void> {
    const width = leaves.length;
    if (this.withRecords) {
      await this.write(epochFolder + recordsPath(n, width), recordsOf(leaves), PRIVATE);
      await this.write(epochFolder + columnsPath(n, width), leaves.map(lineOf).join(''), PRIVATE);
    }
    const entries = encodeBundle(leaves.map(({ entry }) => entry));
    await this.write(epochFolder + tilePath({ level: 'entries', n, width }), entries, PUBLIC);
  }

  /** A list of records or leaves, which names them and no more. */
  async list(path: string, lines: readonly object[]): Promise<void> {
    await this.write(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), PRIVATE);
  }

  private async write(path: string, content: string | Buffer, mode: typeof PUBLIC | typeof PRIVATE): Promise<void> {
    const file = join(this.folder, path);
    const parent = dirname(file);
    if (!this.made.has(parent)) await mkdir(parent, { recursive: true, mode: mode.folder });
    this.made.add(parent);
    await writeAtomically(file, content, mode.file);
  }
}

/** The very line that the verifier expects when nothing was changed. */
function lineOf({ recordId, record }: ExportedLeaf): string {
  if (!record) return `${JSON.stringify({ absent: recordId })}\n`;
  return `${JSON.stringify(Object.fromEntries(COLUMNS.map((column) => [column, record.columns[column] ?? null])))}\n`;
}

function recordsOf(leaves: readonly ExportedLeaf[]): Buffer {
  return Buffer.concat(
    leaves.flatMap(({ record }) => {
      const length = Buffer.alloc(LENGTH_BYTES);
      if (!record) return [length];
      length.writeUInt32BE(record.canonical.length);
      return [length, record.salt.subarray(0, SALT_BYTES), record.canonical];
    }),
  );
}
