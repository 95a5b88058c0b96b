import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPopulation } from './population.js';

const refused = (people: ReturnType<typeof createPopulation>) => people.filter((person) => person.exclusion !== null);
const residents = (people: ReturnType<typeof createPopulation>) => people.filter((person) => person.exclusion === null);

describe('the synthetic population', () => {
  it('is the same for the same seed and another for another seed', () => {
    expect(createPopulation(25, 1)).toEqual(createPopulation(25, 1));
    expect(createPopulation(25, 1)).not.toEqual(createPopulation(25, 2));
  });

  it('has as many residents as asked and one refused applicant for every five', () => {
    const people = createPopulation(25, 1);
    expect(residents(people)).toHaveLength(25);
    expect(refused(people)).toHaveLength(5);
  });

  it('shows every special story among 25 residents', () => {
    const people = residents(createPopulation(25, 1));
    expect(people.filter((person) => !person.knownToInd).length).toBeGreaterThanOrEqual(2);
    expect(new Set(people.map((person) => person.slowSupplier))).toEqual(new Set([null, 'IND', 'DTV']));
    expect(people.some((person) => !person.indHasFile)).toBe(true);
    expect(people.some((person) => !person.dtvHasFile)).toBe(true);
    expect(people.filter((person) => person.indPart === 'CORRECTED')).toHaveLength(1);
    expect(people.filter((person) => person.dtvPart === 'WITHDRAWN_AND_REDELIVERED')).toHaveLength(1);
    expect(new Set(people.map((person) => person.stayStart))).toEqual(
      new Set(['WITH_ADMISSION', 'BED_LATER', 'EMERGENCY_BED']),
    );
    expect(new Set(people.map((person) => person.stayKind))).toEqual(new Set(['SHELTER', 'GUIDANCE_ONLY']));
  });

  it('gives nobody two stories that would cancel each other out', () => {
    for (const person of createPopulation(200, 3)) {
      const stories = [
        !person.knownToInd,
        person.slowSupplier !== null,
        !person.indHasFile || !person.dtvHasFile,
        person.indPart !== 'PLAIN',
        person.dtvPart !== 'PLAIN',
        person.exclusion !== null,
      ];
      expect(stories.filter(Boolean).length).toBeLessThanOrEqual(1);
    }
  });

  it('keeps to the synthetic number ranges, one number and one key a person, also across seeds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 2, maxLength: 2 }),
        (count, seeds) => {
          const people = seeds.flatMap((seed) => createPopulation(count, seed));
          for (const person of people)
            expect(person.vNumber).toMatch(person.knownToInd ? /^0000\d{6}$/ : /^9999\d{6}$/);
          expect(new Set(people.map((person) => person.vNumber)).size).toBe(people.length);
          expect(new Set(people.map((person) => person.key)).size).toBe(people.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives EU nationality to those who will be refused for it and to nobody else', () => {
    const european = createPopulation(500, 7).filter((person) =>
      ['0052', '0055', '0057'].includes(person.nationalities[0]!),
    );
    expect(european.length).toBeGreaterThan(0);
    expect(european.every((person) => person.exclusion === 'X3')).toBe(true);
  });

  it('refuses a run outside its bounds', () => {
    for (const [count, seed] of [
      [0, 1],
      [2001, 1],
      [1.5, 1],
      [25, -1],
      [25, 100],
    ] as const) {
      expect(() => createPopulation(count, seed)).toThrow(/must be between/);
    }
  });
});
