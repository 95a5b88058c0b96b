import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ACTION_WORDS, entrySentence, type Sentence } from './entry-sentence.js';

const read: Sentence = {
  name: 'IND',
  byGateway: false,
  action: 'content.read',
  contract: 'dossierdeel DT&V',
  permitted: true,
  title: null,
};

describe('the sentence of a record', () => {
  it('says who did what, and whether it was permitted', () => {
    expect(entrySentence(read)).toBe('IND las een bericht (dossierdeel DT&V). Toegestaan.');
    expect(entrySentence({ ...read, permitted: false, title: 'Het doel is geëindigd' })).toBe(
      'IND las een bericht (dossierdeel DT&V). Geweigerd: Het doel is geëindigd.',
    );
    expect(entrySentence({ ...read, name: null, byGateway: true, action: 'policy.load', contract: null })).toBe(
      'Ketenpoort nam een versie van het beleid in gebruik. Toegestaan.',
    );
    const unknown = { ...read, name: null, action: 'later.action', contract: null, permitted: false };
    expect(entrySentence(unknown)).toBe(
      'Een organisatie die niet (meer) geregistreerd is deed later.action. Geweigerd.',
    );
  });

  it('has words for every action that can be recorded', () => {
    const [, table = ''] =
      /\| action \| kind \|[^\n]*\n\|[-|]+\n((?:\|.*\n)+)/.exec(
        readFileSync('docs/life-of-an-access-record.md', 'utf8'),
      ) ?? [];
    const actions = table.split('\n').flatMap((line) => {
      const named = [...(line.split('|')[1] ?? '').matchAll(/`([a-z-]*)\.([a-z-]+)`/g)];
      const family = named.find(([, of]) => of !== '')?.[1] ?? '';
      return named.map(([, of, verb]) => `${of === '' ? family : of}.${verb}`);
    });
    expect(actions.length).toBeGreaterThan(30);
    expect([...new Set(actions)].sort()).toEqual(Object.keys(ACTION_WORDS).sort());
  });
});
