import { expect } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { parseCheckpoint } from '#ledger/checkpoint.js';
import { leafHash } from '#ledger/hash.js';
import { parseNote } from '#ledger/signed-note.js';
import { appendToTree, EMPTY_EDGE, rootOfEdge } from '#ledger/tree-edge.js';
import { LogKey } from '../../apps/gateway/src/access-log/log/log-key.js';
import { openEpoch } from '../../apps/gateway/src/access-log/log/open-epoch.js';
import { openOwnDatabase, type OwnDatabase } from './own-database.js';

export const ORIGIN = 'story.ketenpoort.example/log';

/** One sequencer in a process of its own (sequencer-child.mjs). */
export interface Child {
  readonly process: ChildProcess;
  readonly output: () => string;
  /** Signal or exit code with which it ended. */
  readonly ended: Promise<string | number | null>;
}

/** A log without a gateway around it: the tables, a key, and sequencers that can be killed at a statement. */
export class LogOnOwnDatabase {
  private constructor(
    readonly database: OwnDatabase,
    readonly folder: string,
    readonly key: LogKey,
    readonly pool: pg.Pool,
  ) {}

  static async open(): Promise<LogOnOwnDatabase> {
    const database = await openOwnDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'ketenpoort-log-'));
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeFile(join(folder, 'log.key'), pem, { mode: 0o600 });
    const key = LogKey.from(pem);
    const pool = new pg.Pool({ connectionString: database.urls.app, max: 4 });
    await openEpoch(pool, ORIGIN, key);
    return new LogOnOwnDatabase(database, folder, key, pool);
  }

  get keyFile(): string {
    return join(this.folder, 'log.key');
  }

  /** So many records, as their transactions would leave them: no leaf yet. */
  async record(count: number): Promise<void> {
    await this.pool.query(
      `INSERT INTO ketenpoort.pending_leaf (record_id, record_at, entry) SELECT gen_random_uuid(), clock_timestamp(),
         substring(sha256(gen_random_uuid()::text::bytea) || '\\x00000000'::bytea FROM 1) FROM generate_series(1, $1)`,
      [count],
    );
  }

  child(mode: 'once' | 'loop' | 'kill' | 'stop', at = 0): Child {
    const args = ['test/support/sequencer-child.mjs', this.database.urls.app, this.keyFile, mode, String(at)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<string | number | null>((resolve) => {
      child.once('close', (code, signal) => resolve(signal ?? code));
    });
    return { process: child, output: () => output, ended };
  }

  async counts(): Promise<{ leaves: number; pending: number; checkpoints: number }> {
    const { rows } = await this.pool.query<{ leaves: number; pending: number; checkpoints: number }>(
      `SELECT (SELECT count(*) FROM ketenpoort.leaf)::int AS leaves,
         (SELECT count(*) FROM ketenpoort.pending_leaf)::int AS pending,
         (SELECT count(*) FROM ketenpoort.checkpoint)::int AS checkpoints`,
    );
    return rows[0] ?? { leaves: 0, pending: 0, checkpoints: 0 };
  }

  /** The log is whole: no gap, and head, tiles and every checkpoint are those of a tree made anew from its leaves. */
  async expectWhole(): Promise<void> {
    const { pool } = this;
    const leaves = await pool.query<{ position: string; entry: Buffer }>(
      'SELECT position, entry FROM ketenpoort.leaf ORDER BY position',
    );
    expect(leaves.rows.map((row) => Number(row.position))).toEqual(leaves.rows.map((_, index) => index));
    const hashes = leaves.rows.map((row) => leafHash(row.entry));
    const { edge, tiles } = appendToTree(EMPTY_EDGE, hashes);
    const head = await pool.query<{ size: string; root: Buffer }>('SELECT size, root FROM ketenpoort.tree_head');
    expect(head.rows).toEqual([{ size: String(edge.size), root: rootOfEdge(edge) }]);
    const stored = await pool.query<{ hashes: Buffer }>('SELECT hashes FROM ketenpoort.tile ORDER BY level, n');
    expect(stored.rows.map((row) => row.hashes)).toEqual(tiles.map((tile) => Buffer.from(tile.hashes)));
    const notes = await pool.query<{ note: string }>('SELECT note FROM ketenpoort.checkpoint ORDER BY size');
    for (const { note } of notes.rows) {
      const { size, root } = parseCheckpoint(parseNote(note).body);
      expect(root).toEqual(rootOfEdge(appendToTree(EMPTY_EDGE, hashes.slice(0, size)).edge));
    }
    expect(parseCheckpoint(parseNote(notes.rows.at(-1)?.note ?? '').body).size).toBe(edge.size);
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.database.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
