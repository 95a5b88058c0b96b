import { describe, expect, it } from '@jest/globals';
import { judgePeers, type JudgedPeer } from './judge-peers.js';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const inDays = (days: number): number => NOW + days * 86_400_000;
const certificate = (days: number, revoked = false) => ({ notAfter: new Date(inDays(days)), revoked });
const peer = (changes: Partial<JudgedPeer>): JudgedPeer => ({
  oin: '00000099000000000301',
  name: 'IND',
  certificates: [],
  unknown: 0,
  connectedUntil: null,
  ...changes,
});
const judged = (changes: Partial<JudgedPeer>) => judgePeers([peer(changes)], NOW);
const NOTHING = { failures: [], warnings: [], unknown: [] };

describe('the certificates of a peer', () => {
  it('are well while one of them lasts, whatever the others do', () => {
    expect(judged({ certificates: [certificate(2), certificate(300)] })).toEqual(NOTHING);
  });

  it('are named a month before the last one ends, and are a failure in the last week', () => {
    const who = 'The certificate of IND (00000099000000000301)';
    expect(judged({ certificates: [certificate(20)] }).warnings).toEqual([`${who} ends in 20 days`]);
    expect(judged({ certificates: [certificate(3)] }).failures).toEqual([`${who} ends in 3 days`]);
    expect(judged({ certificates: [certificate(-1)] }).failures).toEqual([`${who} has expired`]);
  });

  it('are named when they are revoked and still registered', () => {
    expect(judged({ certificates: [certificate(300, true), certificate(300)] }).warnings).toHaveLength(1);
    expect(judged({ certificates: [certificate(300, true)] }).failures[0]).toContain(
      'no certificate that is not revoked',
    );
    expect(judged({}).warnings[0]).toContain('has no certificate');
  });

  it('are judged by the one that connected where only a thumbprint is known, and else not at all', () => {
    expect(judged({ unknown: 1, connectedUntil: inDays(3) }).failures).toHaveLength(1);
    expect(judged({ unknown: 1 })).toEqual({ ...NOTHING, unknown: ['00000099000000000301'] });
    expect(judged({ unknown: 1, certificates: [certificate(3)] }).failures).toEqual([]);
  });
});
