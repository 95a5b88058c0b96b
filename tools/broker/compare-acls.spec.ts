import { describe, expect, it } from '@jest/globals';
import { grantText, type Grant, type HeldAcl } from '#messaging/kafkajs-admin.js';
import { compareAcls, opensOurTopics } from './compare-acls.js';

const GATEWAY = '00000099000000000001';
const IND = '00000099000000000301';
const COA = '00000099000000000304';
const peers = [
  { oin: IND, active: true },
  { oin: COA, active: false },
];

const acl = (changes: Partial<HeldAcl>): HeldAcl => ({
  principal: 'User:somebody',
  text: 'somebody may',
  allows: true,
  resource: 'TOPIC',
  name: 'other',
  prefixed: false,
  entry: {} as HeldAcl['entry'],
  ...changes,
});
const heldOf = (grant: Grant): HeldAcl => acl({ ...grant, text: grantText(grant) });

describe('what the brokers hold', () => {
  const nothing = compareAcls({ gatewayOin: GATEWAY, peers }, []);

  it('lacks four rights of gateway and one active peer when it is nothing', () => {
    expect(nothing.missing.map(({ resource, operation }) => `${operation} ${resource}`)).toEqual([
      'WRITE TOPIC',
      'WRITE TOPIC',
      'READ TOPIC',
      'READ GROUP',
    ]);
  });

  it('is right when it is what they need, and no more', () => {
    const held = nothing.missing.map(heldOf);
    expect(compareAcls({ gatewayOin: GATEWAY, peers }, held)).toEqual({ missing: [], surplus: [], foreign: [] });
    const closed = compareAcls({ gatewayOin: GATEWAY, peers: [{ oin: IND, active: false }] }, held);
    expect(closed.surplus).toHaveLength(2);
  });

  it('holds rights of others apart from those of peers', () => {
    const foreign = acl({});
    expect(compareAcls({ gatewayOin: GATEWAY, peers }, [foreign])).toMatchObject({ surplus: [], foreign: [foreign] });
  });
});

describe('a right of somebody else', () => {
  it.each([
    ['one topic of ours', { name: `ketenpoort.notifications.${IND}` }, true],
    ['the dead letters', { name: 'ketenpoort.dead-letters' }, true],
    ['all topics', { name: '*' }, true],
    ['a prefix of ours', { name: 'keten', prefixed: true }, true],
    ['a prefix below ours', { name: 'ketenpoort.notifications.0000', prefixed: true }, true],
    ['another topic', { name: 'keten' }, false],
    ['another prefix', { name: 'other.', prefixed: true }, false],
    ['a group', { resource: 'GROUP', name: '*' }, false],
    ['nothing: it denies', { allows: false, name: '*' }, false],
  ])('on %s opens our topics or not', (_what, changes, opens) => {
    expect(opensOurTopics(acl(changes))).toBe(opens);
  });
});
