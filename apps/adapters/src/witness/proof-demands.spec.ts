import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeLog, recordId, WatchFixture } from '../testing/fake-log.js';
import { until } from '../testing/pipeline-fixture.js';
import { ProofDemands } from './proof-demands.js';

const WITHIN_MS = 200;
const MESSAGE = '019a0000-0000-7000-8000-00000000000a';
let at: WatchFixture;
let demands: ProofDemands;

function startDemands(sampleEveryMs = 3_600_000): void {
  const { watch, memory, alarms, verifiers, log } = at;
  const gateway = { inclusionProof: (id: string) => at.source.inclusionProof(id) };
  const parts = { gateway, watch, memory, alarms, verifiers, withinMs: WITHIN_MS, sampleEveryMs, log };
  demands = new ProofDemands(parts);
  demands.start();
}

beforeEach(async () => {
  at = await WatchFixture.open();
  startDemands();
});

afterEach(async () => {
  await demands.close();
  await at.close();
});

describe('a demanded proof', () => {
  it('settles once the entry is under a checkpoint that was seen', async () => {
    const [first, second] = at.source.append('first', 'second');
    demands.demand(first!, MESSAGE);
    demands.demand(second!);
    await at.watch.look();
    await until(() => demands.figures.proven === 2);
    expect([demands.figures.waiting, at.kinds]).toEqual([0, []]);
  });

  it('is not taken from a checkpoint that was not seen yet, and waits for it', async () => {
    const [record] = at.source.append('early');
    at.source.down = true;
    demands.demand(record!);
    at.source.down = false;
    await until(() => at.alarms.stands('PROOF_MISSING', record!.id));
    expect(at.alarms.list()[0]?.detail).toBe('CHECKPOINT_NOT_SEEN');
  });

  it('that does not come is an alarm with record and message', async () => {
    await at.watch.look();
    const id = recordId(99);
    demands.demand({ id, digest: 'A'.repeat(43) }, MESSAGE);
    await until(() => at.kinds.length > 0);
    const [alarm] = at.alarms.list();
    expect(alarm).toMatchObject({
      kind: 'PROOF_MISSING',
      recordId: id,
      messageId: MESSAGE,
      detail: 'NOT_SEQUENCED_YET',
    });
    expect(demands.figures.waiting).toBe(1);
  });

  it('for another entry than the one that was promised is an alarm', async () => {
    const [record] = at.source.append('promised');
    at.source.entries[0] = Buffer.from('changed'.padEnd(36));
    await at.watch.look();
    demands.demand(record!, MESSAGE);
    await until(() => at.kinds.length > 0);
    expect(at.alarms.list()[0]).toMatchObject({ kind: 'ENTRY_CHANGED', recordId: record!.id, messageId: MESSAGE });
  });

  it('under a checkpoint of a log without a configured key is an alarm', async () => {
    const [record] = at.source.append('promised');
    at.source = new FakeLog('other.example/log');
    at.source.append('promised');
    demands.demand(record!);
    await until(() => at.kinds.length > 0);
    // On a busy machine its time is over by then as well.
    expect(at.kinds[0]).toBe('PROOF_INVALID');
  });

  it('is not missed while the gateway is away for some time', async () => {
    at.source.down = true;
    const [record] = at.source.append('later');
    demands.demand(record!);
    await new Promise((resolve) => setTimeout(resolve, 2 * WITHIN_MS));
    expect(at.kinds).toEqual([]);
    at.source.down = false;
    await at.watch.look();
    await until(() => demands.figures.proven === 1);
  });

  it('is not missed while the gateway has no time for it, until it has had none for ten times as long', async () => {
    at.source.busy = true;
    const [record] = at.source.append('later');
    demands.demand(record!);
    await new Promise((resolve) => setTimeout(resolve, 2 * WITHIN_MS));
    expect(at.kinds).toEqual([]);
    await until(() => at.kinds.length > 0);
    expect(at.alarms.list()[0]).toMatchObject({ kind: 'PROOF_MISSING', detail: 'OVERLOADED' });
  });

  it('is not late by the time that the demand waited here for its turn', async () => {
    const [record] = at.source.append('late in turn');
    const proof = await at.source.inclusionProof(record!.id);
    let asked = 0;
    at.source.inclusionProof = () => Promise.resolve(void (asked += 1)).then(() => proof);
    await at.memory.await({ recordId: record!.id, digest: record!.digest, at: Date.now() - 10 * WITHIN_MS });
    await until(() => asked === 1);
    await at.watch.look();
    await until(() => demands.figures.proven === 1);
    expect(at.logged.filter((line) => line.includes('PROOF_MISSING'))).toEqual([]);
  });

  it('is still demanded after a restart', async () => {
    at.source.down = true;
    const [record] = at.source.append('later');
    demands.demand(record!, MESSAGE);
    await demands.close();
    await at.restart();
    at.source.down = false;
    await at.watch.look();
    startDemands();
    await until(() => demands.figures.proven === 1);
  });

  it('is demanded at once when it was noted by a clock that was an hour ahead', async () => {
    const [record] = at.source.append('ahead');
    await at.watch.look();
    await at.memory.await({ recordId: record!.id, digest: record!.digest, at: Date.now() + 3_600_000 });
    await until(() => demands.figures.proven === 1);
    expect([demands.figures.waiting, at.kinds]).toEqual([0, []]);
  });
});

describe('a sample of older records', () => {
  it('finds an entry that was changed after its proof', async () => {
    const [record] = at.source.append('older');
    await at.watch.look();
    demands.demand(record!, MESSAGE);
    await until(() => demands.figures.proven === 1);
    await demands.close();
    at.source.entries[0] = Buffer.from('changed'.padEnd(36));
    startDemands(50);
    await until(() => at.kinds.length > 0);
    expect(at.alarms.list()[0]).toMatchObject({ kind: 'ENTRY_CHANGED', recordId: record!.id, messageId: MESSAGE });
  });

  it('finds nothing wrong with what stands', async () => {
    const [record] = at.source.append('older');
    await at.watch.look();
    demands.demand(record!);
    await until(() => demands.figures.proven === 1);
    await demands.close();
    startDemands(50);
    await until(() => demands.figures.proven === 2);
    expect(at.kinds).toEqual([]);
  });
});
