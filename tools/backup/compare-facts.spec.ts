import { describe, expect, it } from '@jest/globals';
import { compareMigrations, compareRows, compareSequences } from './compare-facts.js';
import type { DatabaseFacts } from './database-facts.js';

const facts = (changes: Partial<DatabaseFacts> = {}): DatabaseFacts => ({
  migrations: ['one', 'two'],
  log: [],
  rows: { message: 10, timer: 3 },
  lastSequences: { '00000099000000000101': 7 },
  ...changes,
});
const NOTHING = { missing: [], more: [] };

describe('what a database lacks of a backup', () => {
  it('is nothing when it is the same', () => {
    expect(compareRows(facts(), facts(), true)).toEqual(NOTHING);
    expect(compareSequences(facts(), facts())).toEqual(NOTHING);
    expect(compareMigrations(facts(), facts())).toEqual(NOTHING);
  });

  it('is each row too few, of a table that is gone too; what came since is no fault', () => {
    expect(compareRows(facts(), facts({ rows: { message: 12 } }), true)).toEqual({
      missing: ['3 of 3 rows of timer'],
      more: ['2 more in message'],
    });
  });

  it('is not what retention or a timer took away, once a gateway has run', () => {
    expect(compareRows(facts(), facts({ rows: { message: 9, timer: 0 } }), false)).toEqual({
      missing: ['1 of 10 rows of message'],
      more: [],
    });
  });

  it('is each number of an inbox, named', () => {
    const now = (last: number) => facts({ lastSequences: { '00000099000000000101': last } });
    expect(compareSequences(facts(), now(4)).missing).toEqual(['5 to 7 of 00000099000000000101']);
    expect(compareSequences(facts(), now(6)).missing).toEqual(['7 of 00000099000000000101']);
    expect(compareSequences(facts(), facts({ lastSequences: {} })).missing).toEqual(['1 to 7 of 00000099000000000101']);
    expect(compareSequences(facts(), now(9))).toEqual({ missing: [], more: ['8 to 9 of 00000099000000000101'] });
  });

  it('is a migration that has not run', () => {
    expect(compareMigrations(facts(), facts({ migrations: ['one', 'three'] }))).toEqual({
      missing: ['two'],
      more: ['three'],
    });
  });
});
