import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AdapterState, laneKeyOf } from './adapter-state.js';

let folder: string;
let state: AdapterState;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'kp-state-')), 'state');
  state = await AdapterState.open(folder);
});

afterEach(async () => {
  await state.close();
  await rm(join(folder, '..'), { recursive: true });
});

async function reopen(): Promise<void> {
  await state.close();
  state = await AdapterState.open(folder);
}

describe('AdapterState', () => {
  it('finds everything again after a restart', async () => {
    await state.save('case/a', { last: 3 }, { messageId: 'm1', status: 'taken' });
    await state.save('case/b', { last: 1, parkedAt: 2 }, { messageId: 'm2', status: 'failed', code: 'SYSTEM_REFUSED' });
    await state.saveCursor(17);
    await reopen();
    expect(state.position('case/a')).toEqual({ last: 3 });
    expect(state.pending()).toEqual([
      { messageId: 'm1', status: 'taken', lane: 'case/a' },
      { messageId: 'm2', status: 'failed', code: 'SYSTEM_REFUSED', lane: 'case/b' },
    ]);
    expect([state.hasUnrecordedFailure('case/a'), state.hasUnrecordedFailure('case/b')]).toEqual([false, true]);
    expect(state.parkedCases).toBe(1);
    expect(state.cursor).toBe(17);
  });

  it('forgets an acknowledgement that the gateway recorded, and with it the standstill of the case', async () => {
    await state.save('case/b', { last: 1, parkedAt: 2 }, { messageId: 'm2', status: 'failed', code: 'SYSTEM_REFUSED' });
    await state.forget(['m2', 'unknown']);
    expect(state.hasUnrecordedFailure('case/b')).toBe(false);
    await reopen();
    expect(state.pending()).toEqual([]);
  });

  it('writes many at once in few disk syncs and loses none of them', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => state.save(`case/${index}`, { last: index })));
    await reopen();
    for (const index of [0, 99, 199]) expect(state.position(`case/${index}`)).toEqual({ last: index });
  });

  it('knows nothing of a case that it never saw', () => {
    expect(state.position('case/new')).toEqual({ last: 0 });
  });

  it('is closed to others, and to a second adapter', async () => {
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await expect(AdapterState.open(folder)).rejects.toThrow();
  });
});

describe('laneKeyOf', () => {
  it('puts a message without a case in a lane of its own', () => {
    expect(laneKeyOf({ partitionkey: 'p', casesequence: '4' }, 'm')).toBe('case/p');
    expect(laneKeyOf({ partitionkey: 'p' }, 'm')).toBe('lone/m');
  });
});
