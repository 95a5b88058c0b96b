import { randomUUID } from 'node:crypto';
import { peer } from './world.js';

export type Event = Record<string, unknown> & { id: string; data: Record<string, unknown> };

/** A CloudEvent as a peer's system would build it. */
export function event(
  from: string,
  contract: string,
  data: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Event {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: `urn:nld:oin:${peer(from).oin}:proef`,
    type: `nl.lvv.${contract}.v1`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    ...more,
    data,
  };
}

/** Where this run begins, so that a person of another run on the same database is another one. */
let serial = (Date.now() % 900) * 1_000;
/**
 * A V-number of an invented person; another one each time. Never `00000...`: that also stands inside the OINs of the demo,
 * and a search for the number would find them.
 */
export function vNumber(): string {
  serial += 1;
  return `0000${100_000 + (serial % 900_000)}`;
}

export interface Person {
  readonly vNumber: string;
  readonly familyName: string;
  readonly givenNames?: string;
  readonly birthDate?: string;
}

export const application = (from: string, pilot: string, person: Person): Event =>
  event(from, 'resident-application', {
    pilot,
    v_number: person.vNumber,
    family_name: person.familyName,
    given_names: person.givenNames ?? 'Proef',
    birth_date: person.birthDate ?? '1986',
    sex: 'V',
    nationalities: ['0263'],
    origin: 'STREET',
    regional_tie: { kind: 'EARLIER_STAY', evidence: 'DOCUMENT' },
    applied_on: today(),
  });

export const checkRequest = (from: string, caseid: string, person: Person): Event =>
  event(
    from,
    'admission-check-request',
    {
      v_number: person.vNumber,
      family_name: person.familyName,
      birth_date: person.birthDate ?? '1986',
      questions: ['X1', 'X2', 'X3', 'X4', 'X5', 'X6'],
      test_date: today(),
    },
    { caseid },
  );

export const indAnswer = (caseid: string, answers: Record<string, string> = {}): Event =>
  event(
    'ind',
    'admission-check-response',
    {
      v_number_status: 'MATCH',
      answers: { X1: 'NO', X2: 'NO', X3: 'NO', X4: 'NO', X5: 'NO', ...answers },
      as_of: new Date().toISOString(),
    },
    { caseid },
  );

export const coaAnswer = (caseid: string): Event =>
  event('coa', 'admission-check-response', { answers: { X6: 'NO' }, as_of: new Date().toISOString() }, { caseid });

export const decision = (
  from: string,
  caseid: string,
  data: Record<string, unknown> = { outcome: 'ADMITTED' },
): Event => event(from, 'admission-decision', { policy_version: 'proef-1', decided_on: today(), ...data }, { caseid });

export const stayStarted = (from: string, caseid: string, kind = 'SHELTER', stayId: string = randomUUID()): Event =>
  event(from, 'stay-event', { stay_id: stayId, event: 'STARTED', kind, on: today() }, { caseid });

export const noFile = (supplier: 'ind' | 'dtv', caseid: string, person: Person, partId: string = randomUUID()): Event =>
  event(
    supplier,
    supplier === 'ind' ? 'ind-dossier-part' : 'dtv-dossier-part',
    {
      part_id: partId,
      part_version: 1,
      as_of: new Date().toISOString(),
      v_number: person.vNumber,
      part_status: 'NO_FILE',
    },
    { caseid },
  );

export function today(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Amsterdam' }).format(new Date());
}
