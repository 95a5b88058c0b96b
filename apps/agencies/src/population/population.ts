import { FAMILY_NAMES, GIVEN_NAMES, NATIONALITIES_INSIDE_EU, NATIONALITIES_OUTSIDE_EU } from './names.js';
import { DEMO_PILOTS, EXCLUSIONS, type Exclusion, type Person } from './person.js';
import { createPrng, type Prng } from './prng.js';

/** Largest run: four digits of the V-number count persons. */
export const MAX_RESIDENTS = 2000;
/** Two digits of the V-number carry the seed, so that runs with different seeds never share a person. */
export const SEEDS = 100;

type Traits = Omit<Person, 'key' | 'vNumber' | 'familyName' | 'givenNames' | 'birthDate' | 'sex' | 'nationalities'>;

/** One resident in so many gets a trait; at 25 residents each of them occurs. */
const ONE_IN = { unknownVNumber: 12, slowSupplier: 8, noFile: 10, correctedPart: 20, withdrawnPart: 20 } as const;

/**
 * The people of one run: `residents` persons who get a stay, and beside them one refused applicant for every five.
 * Repeatable: (residents, seed) gives the same list everywhere, which is how separate systems know the same people.
 * Throws on a number outside 1..2000 or a seed outside 0..99.
 */
export function createPopulation(residents: number, seed: number): readonly Person[] {
  if (!Number.isInteger(residents) || residents < 1 || residents > MAX_RESIDENTS) {
    throw new Error(`residents must be between 1 and ${MAX_RESIDENTS}`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed >= SEEDS) throw new Error(`seed must be between 0 and ${SEEDS - 1}`);
  const prng = createPrng(seed + 1);
  const traits = [...residentTraits(residents, prng), ...refusedTraits(Math.ceil(residents / 5), prng)];
  return traits.map((own, index) => toPerson(own, seed, index + 1, prng));
}

function plainTraits(index: number, prng: Prng): Traits {
  return {
    pilot: DEMO_PILOTS[index % DEMO_PILOTS.length]!,
    origin: prng.pick(['STREET', 'BBB', 'STATE_RECEPTION', 'OTHER'] as const),
    stayKind: index % 6 === 3 ? 'GUIDANCE_ONLY' : 'SHELTER',
    stayStart: index % 6 === 3 ? prng.pick(['WITH_ADMISSION', 'BED_LATER'] as const) : stayStartOf(index),
    knownToInd: true,
    exclusion: null,
    indHasFile: true,
    dtvHasFile: true,
    slowSupplier: null,
    indPart: 'PLAIN',
    dtvPart: 'PLAIN',
    asksCoa: prng.next() < 0.3,
    asksAvim: prng.next() < 0.1,
  };
}

function stayStartOf(index: number): Person['stayStart'] {
  return (['WITH_ADMISSION', 'BED_LATER', 'WITH_ADMISSION', 'BED_LATER', 'EMERGENCY_BED'] as const)[index % 5]!;
}

/** Hands out the special stories to distinct residents, so that they do not cancel each other out. */
function residentTraits(count: number, prng: Prng): Traits[] {
  const traits = Array.from({ length: count }, (_, index) => plainTraits(index, prng));
  const order = prng.shuffle(traits.map((_, index) => index));
  const give = (oneIn: number, change: (nth: number) => Partial<Traits>): void => {
    for (let nth = 0; nth < Math.floor(count / oneIn); nth += 1) {
      const index = order.pop();
      if (index !== undefined) traits[index] = { ...traits[index]!, ...change(nth) };
    }
  };
  give(ONE_IN.unknownVNumber, () => ({ knownToInd: false }));
  give(ONE_IN.slowSupplier, (nth) => ({ slowSupplier: nth % 2 === 0 ? 'DTV' : 'IND' }));
  give(ONE_IN.noFile, (nth) => (nth % 2 === 0 ? { indHasFile: false } : { dtvHasFile: false }));
  give(ONE_IN.correctedPart, () => ({ indPart: 'CORRECTED' }));
  give(ONE_IN.withdrawnPart, () => ({ dtvPart: 'WITHDRAWN_AND_REDELIVERED' }));
  return traits;
}

function refusedTraits(count: number, prng: Prng): Traits[] {
  return Array.from({ length: count }, (_, index) => ({
    ...plainTraits(index, prng),
    stayKind: 'SHELTER',
    stayStart: 'WITH_ADMISSION',
    exclusion: EXCLUSIONS[index % EXCLUSIONS.length]!,
    asksCoa: false,
    asksAvim: false,
  }));
}

function toPerson(own: Traits, seed: number, serial: number, prng: Prng): Person {
  const serialText = String(serial).padStart(4, '0');
  return {
    ...own,
    key: `s${seed}-${serialText}`,
    vNumber: `${own.knownToInd ? '0000' : '9999'}${String(seed).padStart(2, '0')}${serialText}`,
    familyName: prng.pick(FAMILY_NAMES),
    givenNames: prng.pick(GIVEN_NAMES),
    birthDate: birthDate(prng),
    sex: prng.pick(['M', 'M', 'M', 'V', 'V', 'X', 'unknown'] as const),
    nationalities: [nationality(own.exclusion, prng)],
  };
}

/** In chain and civil registry the day or the month can be unknown (domain 2.2). */
function birthDate(prng: Prng): string {
  const parts = [String(prng.int(1955, 2004)), twoDigits(prng.int(1, 12)), twoDigits(prng.int(1, 28))];
  return parts.slice(0, prng.pick([3, 3, 3, 3, 2, 1])).join('-');
}

function nationality(exclusion: Exclusion | null, prng: Prng): string {
  return exclusion === 'X3' ? prng.pick(NATIONALITIES_INSIDE_EU) : prng.pick(NATIONALITIES_OUTSIDE_EU);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
