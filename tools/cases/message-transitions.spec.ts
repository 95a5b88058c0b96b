import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CONTRACTS, contractById } from '#contracts/catalogue.js';
import { TRANSITION_IDS, TRANSITIONS } from '../../apps/gateway/src/cases/transitions.js';
import { ROSTER } from '../demo/roster.js';
import { messageTransitions } from './generate.js';
import { mapMessages } from './message-transitions.js';
import { renderMessageTransitions } from './render-message-transitions.js';
import { WITHOUT_TRANSITION } from './without-transition.js';

const ALL = { contracts: CONTRACTS, rows: TRANSITIONS, ids: TRANSITION_IDS, withoutTransition: WITHOUT_TRANSITION };
const root = new URL('../../', import.meta.url);

describe('messages and transitions', () => {
  it('leave no gap, and the document that stands says so', () => {
    const map = messageTransitions();
    expect(map.gaps).toEqual([]);
    expect(map.messages).toHaveLength(CONTRACTS.length);
    const document = readFileSync(new URL('docs/generated/messages-and-transitions.md', root), 'utf8');
    expect(renderMessageTransitions(map)).toBe(document);
  });

  it('tie the start of a stay to its notification, and the admission to the dossier request', () => {
    const { messages } = messageTransitions();
    const of = (id: string) => messages.find((entry) => entry.contract.id === id);
    expect(of('M41')).toMatchObject({ sets: ['T49', 'T50'], follows: ['T05'] });
    expect(of('M04')).toMatchObject({ sets: ['T03', 'T04'], follows: ['T49', 'T05', 'T07'] });
    expect(of('M05')).toMatchObject({ sets: [], madeIn: ['T05'] });
    expect(of('M13')).toMatchObject({ madeIn: ['T09', 'T11b', 'T12', 'T16'] });
  });

  it('find a message that nobody thought about', () => {
    const stray = { ...contractById('M30'), id: 'M99' as const };
    expect(mapMessages({ ...ALL, contracts: [...CONTRACTS, stray] }).gaps).toEqual(
      expect.arrayContaining(['M99 has no transition and is not declared to have none']),
    );
  });

  it('find a transition without its row, and a row without its transition', () => {
    const rows = TRANSITIONS.filter((row) => row.id !== 'T16');
    expect(mapMessages({ ...ALL, rows }).gaps).toEqual(['T16 has no row in the table']);
    const ids = TRANSITION_IDS.filter((id) => id !== 'T50');
    expect(mapMessages({ ...ALL, ids }).gaps).toEqual(['T50 stands in the table but not in its list']);
  });

  it('find a sender whom the table does not take, and a message that the catalogue does not hold', () => {
    const contracts = CONTRACTS.map((one) =>
      one.id === 'M06' ? { ...one, senders: [...one.senders, 'IND' as const] } : one,
    );
    expect(mapMessages({ ...ALL, contracts }).gaps).toEqual([
      'M06 may be sent by IND, but no row of the table takes it',
    ]);
    const fewer = CONTRACTS.filter((one) => one.id !== 'M10');
    expect(mapMessages({ ...ALL, contracts: fewer }).gaps).toEqual([
      'M10 is used by the table, but the catalogue does not hold it',
    ]);
  });

  it('find a message that is declared idle and is not', () => {
    const withoutTransition = { ...WITHOUT_TRANSITION, M01: 'wrong' };
    expect(mapMessages({ ...ALL, withoutTransition }).gaps).toEqual([
      'M01 is declared to have no transition, but has one',
    ]);
  });
});

describe('the register of the demo', () => {
  it('gives each pilot the municipality of the roster, and mandates to NGOs of the roster only', () => {
    const demo = JSON.parse(readFileSync(new URL('apps/gateway/register/demo.json', root), 'utf8')) as {
      municipalities: { pilot: string; oin: string }[];
      policies: { key: string; value: string[] }[];
    };
    const roster = ROSTER.flatMap(({ pilot, oin }) => (pilot === undefined ? [] : [{ pilot, oin }]));
    expect(demo.municipalities).toEqual(roster);
    const desks = demo.policies.filter((policy) => policy.key === 'intake_desks').flatMap((policy) => policy.value);
    const ngos = ROSTER.filter((peer) => peer.kind === 'NGO').map((peer) => peer.oin);
    expect(new Set(desks)).toEqual(new Set(ngos));
  });
});
