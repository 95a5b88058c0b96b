import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseCheckpoint } from '#ledger/checkpoint.js';
import { openCosignedCheckpoint } from '#ledger/cosignature.js';
import { parseNote } from '#ledger/signed-note.js';
import { GatewayProblem } from '../gateway/gateway-errors.js';
import { FakeLog, ORIGIN, WatchFixture } from '../testing/fake-log.js';

let at: WatchFixture;

beforeEach(async () => {
  at = await WatchFixture.open();
  at.source.append('a', 'b', 'c');
});

afterEach(() => at.close());

const cosigned = (): number[] => at.source.cosignedSizes(at.signer.verifier);
/** The same key, another history. */
function forked(...texts: readonly string[]): FakeLog {
  const fork = new FakeLog(ORIGIN);
  Object.assign(fork, { signer: at.source.signer });
  fork.append(...texts);
  return fork;
}
const shown = (note: string) => ({ note, checkpoint: parseCheckpoint(parseNote(note).body) });

describe('cosigning', () => {
  it('cosigns each checkpoint that extends the one before, once', async () => {
    await at.watch.look();
    await at.watch.look();
    at.source.append('d', 'e');
    await at.watch.look();
    expect(cosigned()).toEqual([3, 5]);
    const trust = { log: at.source.signer.verifier, witnesses: [at.signer.verifier], quorum: 1 };
    expect(openCosignedCheckpoint(at.source.posted[1] ?? '', trust).checkpoint.size).toBe(5);
  });

  it('has stored the checkpoint when its cosignature leaves', async () => {
    const stored: (number | undefined)[] = [];
    const { source } = at;
    const post = source.cosignature.bind(source);
    source.cosignature = async (note) => {
      stored.push(at.memory.seen(ORIGIN)?.size);
      const onDisk = await at.state.store.get(`log/seen/${ORIGIN}`);
      stored.push((JSON.parse(onDisk ?? '{}') as { size?: number }).size);
      await post(note);
    };
    await at.watch.look();
    expect(stored).toEqual([3, 3]);
  });

  it('posts again what the gateway did not take, also after a restart', async () => {
    at.source.refusal = new GatewayProblem(503, 'OVERLOADED', { status: 503 }, 1);
    await at.watch.look();
    await at.watch.look();
    at.source.refusal = null;
    await at.restart();
    await at.watch.look();
    expect(cosigned()).toEqual([3, 3, 3]);
    expect(at.logged.filter((line) => line.includes('cosignature not delivered'))).toHaveLength(1);
  });

  it('takes an older candidate for what it is while the newest checkpoint is as large as it should be', async () => {
    await at.watch.look();
    at.source.candidate = 2;
    await at.watch.look();
    expect([cosigned(), at.kinds]).toEqual([[3], []]);
  });

  it('cosigns nothing of an origin without a configured key, and says so until it has one', async () => {
    const next = new FakeLog(`${ORIGIN}/2`);
    next.append('restart');
    at.source = next;
    await at.watch.look();
    expect([at.kinds, next.posted]).toEqual([['LOG_UNKNOWN'], []]);
    at.verifiers.push(next.signer.verifier);
    await at.watch.look();
    expect([at.kinds, next.cosignedSizes(at.signer.verifier)]).toEqual([[], [1]]);
  });

  it('waits without an alarm while the log cannot be read', async () => {
    at.source.down = true;
    await at.watch.look();
    expect([at.kinds, at.watch.standing]).toEqual([[], expect.objectContaining({ readable: false })]);
  });
});

describe('alarms', () => {
  it.each([
    ['another root for the size that it cosigned', ['a', 'b', 'X']],
    ['a larger tree with a changed entry', ['a', 'X', 'c', 'd', 'e']],
  ])(
    'finds a fork: %s; it cosigns nothing of it, keeps both notes and shows the gateway its own',
    async (_what, history) => {
      await at.watch.look();
      const honest = at.source.checkpoint();
      at.source = forked(...history);
      await at.watch.look();
      await at.watch.look();
      expect([at.kinds, cosigned()]).toEqual([['LOG_FORKED'], [3]]);
      expect(at.source.posted[0]).toContain(honest);
      expect(at.alarms.list()[0]?.evidence).toEqual([honest, at.source.checkpoint()]);
      expect(at.logged.filter((line) => line.includes('LOG_FORKED'))).toHaveLength(1);
    },
  );

  it('finds a smaller log, and shows the gateway the larger one that it signed', async () => {
    await at.watch.look();
    at.source = forked('a', 'b');
    at.source.refusal = new GatewayProblem(409, 'LOG_SMALLER_THAN_WITNESSED', { status: 409 }, undefined);
    await at.watch.look();
    await at.watch.look();
    expect([at.kinds, cosigned()]).toEqual([['LOG_SHRUNK'], [3]]);
  });

  it('cosigns nothing of a log that was smaller and has grown again, until a person has looked', async () => {
    await at.watch.look();
    const honest = at.source;
    at.source = forked('a', 'b');
    await at.watch.look();
    at.source = honest;
    at.source.append('d');
    await at.watch.look();
    expect(cosigned()).toEqual([3]);
    await at.alarms.acknowledge(`LOG_SHRUNK:${ORIGIN}`, 'mw-17');
    await at.watch.look();
    expect([at.kinds, cosigned()]).toEqual([[], [3, 4]]);
  });

  it('does not accept another history by acknowledgement', async () => {
    await at.watch.look();
    at.source = forked('a', 'X', 'c', 'd');
    await at.watch.look();
    expect(await at.alarms.acknowledge(`LOG_FORKED:${ORIGIN}`, 'mw-17')).toBe(true);
    await at.watch.look();
    expect([at.kinds, cosigned()]).toEqual([['LOG_FORKED'], [3]]);
  });

  it('finds that an epoch is gone which it has seen, though the one before is whole and grows', async () => {
    await at.watch.look();
    const first = at.source;
    const second = new FakeLog(`${ORIGIN}/2`);
    at.verifiers.push(second.signer.verifier);
    second.append('restart', 'x');
    at.source = second;
    await at.watch.look();
    expect([at.kinds, second.cosignedSizes(at.signer.verifier)]).toEqual([[], [2]]);
    first.append('d');
    at.source = first;
    await at.restart();
    await at.watch.look();
    expect([at.kinds, cosigned()]).toEqual([['LOG_SHRUNK'], [3]]);
    const [alarm] = at.alarms.list();
    expect(alarm).toMatchObject({ origin: `${ORIGIN}/2`, detail: `${ORIGIN} again, after 2 of ${ORIGIN}/2` });
    expect(alarm?.evidence).toHaveLength(2);
  });

  it('finds a checkpoint that the configured key did not sign', async () => {
    const other = new FakeLog(ORIGIN);
    other.append('a', 'b', 'c');
    at.source.note_ = other.checkpoint();
    await at.watch.look();
    expect([at.kinds, at.source.posted]).toEqual([['LOG_SIGNATURE_INVALID'], []]);
  });

  it('keeps its alarms and what it has seen over a restart', async () => {
    await at.watch.look();
    at.source = forked('a', 'b', 'X');
    await at.watch.look();
    await at.restart();
    await at.watch.look();
    expect([at.kinds, at.memory.seen(ORIGIN)?.size, cosigned()]).toEqual([['LOG_FORKED'], 3, [3]]);
  });
});

describe('the checkpoint of a proof', () => {
  it('is confirmed when what was seen begins with it, or is it', async () => {
    await at.watch.look();
    expect(await at.watch.confirm('', shown(at.source.checkpoint(2)))).toBe('confirmed');
    expect(await at.watch.confirm('', shown(at.source.checkpoint(3)))).toBe('confirmed');
  });

  it('waits while it is larger than what was seen', async () => {
    await at.watch.look();
    at.source.append('d');
    expect(await at.watch.confirm('', shown(at.source.checkpoint()))).toBe('ahead');
    await at.watch.look();
    expect(await at.watch.confirm('', shown(at.source.checkpoint()))).toBe('confirmed');
  });

  it('is an alarm when it is of another history', async () => {
    await at.watch.look();
    expect(await at.watch.confirm('', shown(forked('a', 'X').checkpoint()))).toBe('differs');
    expect(at.kinds).toEqual(['LOG_FORKED']);
  });
});
