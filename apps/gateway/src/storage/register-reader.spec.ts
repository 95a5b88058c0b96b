import { describe, expect, it } from '@jest/globals';
import { pilotOnDate, type Register } from './register-reader.js';

const register: Register = {
  pilots: [{ code: 'AMS', name: 'Amsterdam', municipalityOin: '00000099000000000101', municipalityCode: '0363' }],
  capacities: [],
  covenants: [{ id: 'C1', pilot: 'AMS', validFrom: '2026-01-01', validTo: '2026-12-31', parties: [] }],
  policies: [
    { pilot: 'AMS', key: 'max_nights', value: 20, validFrom: '2026-07-01', validTo: null },
    { pilot: 'AMS', key: 'max_nights', value: 10, validFrom: '2026-01-01', validTo: null },
    { pilot: 'AMS', key: 'tie', value: true, validFrom: '2026-01-01', validTo: '2026-06-30' },
    { pilot: 'ROT', key: 'max_nights', value: 1, validFrom: '2026-01-01', validTo: null },
  ],
};

describe('a pilot on a date', () => {
  it('has a covenant on its first and last day, and not the day after', () => {
    const covenant = (date: string) => pilotOnDate(register, 'AMS', date)?.covenantId;
    expect([covenant('2025-12-31'), covenant('2026-01-01'), covenant('2026-12-31'), covenant('2027-01-01')]).toEqual([
      null,
      'C1',
      'C1',
      null,
    ]);
  });

  it('has the policies in force, the latest beginning first in rank, and none of another pilot', () => {
    expect(pilotOnDate(register, 'AMS', '2026-06-30')?.policy).toEqual({ max_nights: 10, tie: true });
    expect(pilotOnDate(register, 'AMS', '2026-07-01')?.policy).toEqual({ max_nights: 20 });
  });

  it('is null when nobody registered it', () => {
    expect(pilotOnDate(register, 'DEL', '2026-06-30')).toBeNull();
  });
});
