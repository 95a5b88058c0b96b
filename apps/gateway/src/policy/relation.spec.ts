import { describe, expect, it } from '@jest/globals';
import { isParty } from './relation.js';

const NGO = { oin: '00000099000000000201', kind: 'NGO', from: '2020-03-01', to: '2020-06-01', basis: 'M43' } as const;
const IND = { oin: '00000099000000000301', kind: 'IND', from: '2020-03-05', basis: 'M07' } as const;

describe('isParty', () => {
  it.each([
    [NGO.oin, '2020-02-29', false],
    [NGO.oin, '2020-03-01', true],
    [NGO.oin, '2020-05-31', true],
    [NGO.oin, '2020-06-01', false],
    [IND.oin, '2030-01-01', true],
    ['00000099000000000302', '2020-04-01', false],
  ])('%s on %s: %s', (oin, onDate, expected) => {
    expect(isParty([NGO, IND], oin, onDate)).toBe(expected);
  });

  it('finds a later term of the same party', () => {
    expect(isParty([NGO, { ...NGO, from: '2021-01-01', to: '2021-02-01' }], NGO.oin, '2021-01-15')).toBe(true);
  });
});
