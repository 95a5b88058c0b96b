import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { signCheckpoint } from '#ledger/checkpoint.js';
import { entryDigest } from '#ledger/entry.js';
import { plainLeaf, PlainTree } from '#ledger/fakes.js';
import { NoteSigner, openNote } from '#ledger/signed-note.js';
import type { ReadTile } from '#ledger/tree-reader.js';
import type { NoteVerifier } from '#ledger/verifier-key.js';
import { AdapterState } from '../delivery/adapter-state.js';
import { GatewayProblem, GatewayUnreachable } from '../gateway/gateway-errors.js';
import { Alarms } from '../witness/alarms.js';
import type { AccessRecordRef } from '../witness/claims.js';
import { CosignatureSender } from '../witness/cosignature-sender.js';
import { LogMemory } from '../witness/log-memory.js';
import { LogUnreadable, type LogSource } from '../witness/log-reader.js';
import { LogWatch } from '../witness/log-watch.js';

export const ORIGIN = 'log.example/test';
export const WITNESS = 'witness.example/ams';

/** A log and the gateway's calls about it, in memory, with a slow and plain tree that can be made to lie. */
export class FakeLog implements LogSource {
  readonly signer: NoteSigner;
  origin: string;
  entries: Buffer[] = [];
  /** Sizes shown; the whole log when absent. */
  candidate: number | undefined;
  newest: number | undefined;
  note_: string | undefined;
  down = false;
  busy = false;
  /** Cosigned notes as they were posted. */
  readonly posted: string[] = [];
  refusal: GatewayProblem | null = null;

  constructor(origin = ORIGIN, key = generateKeyPairSync('ed25519').privateKey) {
    this.origin = origin;
    this.signer = NoteSigner.from(origin, key);
  }

  /** Appends records; returns what the gateway would answer with. */
  append(...texts: readonly string[]): AccessRecordRef[] {
    return texts.map((text) => {
      const entry = Buffer.from(text.padEnd(36));
      this.entries.push(entry);
      return { id: recordId(this.entries.length - 1), digest: entryDigest(entry).toString('base64url') };
    });
  }

  checkpoint(size = this.entries.length): string {
    return signCheckpoint({ origin: this.origin, size, root: this.tree.root(size) }, this.signer);
  }

  async note(_folder: string, name: 'checkpoint' | 'checkpoint/candidate'): Promise<string> {
    await Promise.resolve();
    if (this.down) throw new LogUnreadable('ECONNREFUSED');
    return this.note_ ?? this.checkpoint(name === 'checkpoint' ? this.newest : this.candidate);
  }

  tiles(): ReadTile {
    const { tree } = this;
    return (id) => Promise.resolve(tree.tile(id));
  }

  async cosignature(note: string): Promise<void> {
    await Promise.resolve();
    this.posted.push(note);
    if (this.refusal) throw this.refusal;
  }

  async inclusionProof(id: string): Promise<unknown> {
    await Promise.resolve();
    if (this.down) throw new GatewayUnreachable('ECONNREFUSED');
    if (this.busy) throw new GatewayProblem(503, 'OVERLOADED', { status: 503 }, 1);
    const index = this.entries.findIndex((_, nth) => recordId(nth) === id);
    if (index < 0) throw new GatewayProblem(404, 'NOT_SEQUENCED_YET', { status: 404 }, 1);
    return {
      recordId: id,
      epoch: 1,
      origin: this.origin,
      index,
      entry: this.entries[index]?.toString('base64'),
      checkpoint: { note: this.checkpoint() },
      proof: this.tree.inclusion(index, this.entries.length).map((hash) => hash.toString('base64')),
    };
  }

  /** Sizes of the posted notes that this witness signed. */
  cosignedSizes(witness: NoteVerifier): number[] {
    return this.posted.map((note) => Number(openNote(note, [witness]).body.split('\n')[1]));
  }

  private get tree(): PlainTree {
    return new PlainTree(this.entries.map(plainLeaf));
  }
}

/** Of a record made just now: UUIDv7. */
export function recordId(nth: number): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const clock = time.slice(0, 6).padEnd(8, '0');
  return `${clock}-0000-7000-8000-${nth.toString(16).padStart(12, '0')}`;
}

/** The watching side of an adapter over a state folder that survives `restart`. */
export class WatchFixture {
  readonly logged: string[] = [];
  readonly signer = NoteSigner.from(WITNESS, generateKeyPairSync('ed25519').privateKey, 'cosignature/v1');
  source: FakeLog;
  state!: AdapterState;
  memory!: LogMemory;
  alarms!: Alarms;
  watch!: LogWatch;

  private constructor(
    private readonly folder: string,
    readonly verifiers: NoteVerifier[],
    source: FakeLog,
  ) {
    this.source = source;
  }

  static async open(source = new FakeLog()): Promise<WatchFixture> {
    const fixture = new WatchFixture(await mkdtemp(join(tmpdir(), 'kp-watch-')), [source.signer.verifier], source);
    await fixture.start();
    return fixture;
  }

  /** As after a crash: what is in memory alone is gone. */
  async restart(): Promise<void> {
    await this.state.close();
    await this.start();
  }

  async close(): Promise<void> {
    await this.state.close();
    await rm(this.folder, { recursive: true });
  }

  get kinds(): string[] {
    return this.alarms.list().map(({ kind }) => kind);
  }

  get log() {
    return pino({ level: 'debug' }, { write: (line: string) => void this.logged.push(line) });
  }

  private async start(): Promise<void> {
    this.state = await AdapterState.open(this.folder);
    this.memory = await LogMemory.open(this.state.store);
    this.alarms = new Alarms(this.memory, this.log);
    const { memory, alarms, verifiers, log } = this;
    const sink = { cosignature: (note: string) => this.source.cosignature(note) };
    const sender = new CosignatureSender(this.signer, sink, log);
    const source: LogSource = {
      note: (folder, name) => this.source.note(folder, name),
      tiles: () => this.source.tiles(),
    };
    this.watch = new LogWatch({ source, memory, alarms, verifiers, sender, pollMs: 10, log });
  }
}
