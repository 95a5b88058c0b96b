import { afterEach, describe, expect, it } from '@jest/globals';
import type { Officer } from './peer.js';
import { PeerRegister, type RegisteredPeer } from './peer-register.js';

const AMS: RegisteredPeer = {
  oin: '00000099000000000101',
  name: 'Gemeente Amsterdam (proef)',
  kind: 'MUNICIPALITY',
  pilot: 'AMS',
  active: true,
  thumbprints: ['aa', 'bb'],
};
const IND: RegisteredPeer = {
  ...AMS,
  oin: '00000099000000000301',
  name: 'IND',
  kind: 'IND',
  pilot: null,
  thumbprints: ['cc'],
};
const REAL: RegisteredPeer = { ...IND, oin: '00000001000000000301', thumbprints: ['dd'] };
const OFFICER: Officer = { thumbprint: 'ee', name: 'fg-ams', organisationOin: AMS.oin, role: 'FG' };

/** The tables, in memory. */
class FakeReader {
  peers: RegisteredPeer[] = [AMS, IND, REAL];
  loads = 0;
  failure: Error | undefined;
  readonly loadPeers = async () => {
    this.loads += 1;
    await Promise.resolve();
    if (this.failure) throw this.failure;
    return this.peers;
  };
  readonly loadOfficers = () => Promise.resolve([OFFICER]);
}

let register: PeerRegister | undefined;

async function open(reader: FakeReader, extra: Partial<Parameters<typeof PeerRegister.open>[0]> = {}) {
  register = await PeerRegister.open({ reader, mode: 'demo', onRefreshFailure: () => undefined, ...extra });
  return register;
}

afterEach(() => register?.close());

describe('peer register', () => {
  it('knows a peer by its OIN and either of two overlapping certificates', async () => {
    const peers = await open(new FakeReader());
    expect(peers.lookup(AMS.oin, 'aa')).toEqual({
      found: true,
      peer: { oin: AMS.oin, kind: 'MUNICIPALITY', name: AMS.name, pilot: 'AMS', thumbprint: 'aa', active: true },
    });
    expect(peers.lookup(AMS.oin, 'bb')).toMatchObject({ found: true, peer: { thumbprint: 'bb' } });
    expect(peers.officer('ee')).toEqual(OFFICER);
  });

  it('refuses a stranger, an inactive peer and the certificate of another', async () => {
    const reader = new FakeReader();
    reader.peers = [AMS, { ...IND, active: false }];
    const peers = await open(reader);
    expect(peers.lookup('00000099000000000999', 'aa')).toEqual({ found: false, code: 'PEER_UNKNOWN' });
    expect(peers.lookup(IND.oin, 'cc')).toEqual({ found: false, code: 'PEER_INACTIVE' });
    expect(peers.lookup(AMS.oin, 'cc')).toEqual({ found: false, code: 'CERTIFICATE_NOT_REGISTERED' });
    expect(peers.ofKind('IND')).toEqual([]);
  });

  it('does not mix demo and production: the OINs of the one are strangers in the other', async () => {
    const demo = await open(new FakeReader());
    expect(demo.byOin(REAL.oin)).toBeUndefined();
    expect(demo.ofKind('IND')).toEqual([IND]);
    demo.close();
    const production = await open(new FakeReader(), { mode: 'production' });
    expect(production.byOin(AMS.oin)).toBeUndefined();
    expect(production.lookup(REAL.oin, 'dd')).toMatchObject({ found: true });
  });

  it('sees a change after a refresh on demand, and shares one load among those who ask together', async () => {
    const reader = new FakeReader();
    const peers = await open(reader);
    reader.peers = [{ ...AMS, active: false }];
    await Promise.all([peers.refresh(), peers.refresh(), peers.refresh()]);
    expect(reader.loads).toBe(2);
    expect(peers.lookup(AMS.oin, 'aa')).toEqual({ found: false, code: 'PEER_INACTIVE' });
  });

  it('refreshes by itself, reports a failure and goes on serving what it knows', async () => {
    const reader = new FakeReader();
    const failures: unknown[] = [];
    const failed = new Promise<void>((resolve) => {
      void open(reader, {
        refreshIntervalMs: 5,
        onRefreshFailure: (error) => {
          failures.push(error);
          resolve();
        },
      }).then(() => (reader.failure = new Error('database away')));
    });
    await failed;
    expect(failures[0]).toEqual(new Error('database away'));
    expect(register?.lookup(AMS.oin, 'aa')).toMatchObject({ found: true });
  });

  it('does not open on a register that cannot be read', async () => {
    const reader = new FakeReader();
    reader.failure = new Error('database away');
    await expect(open(reader)).rejects.toThrow('database away');
  });
});
