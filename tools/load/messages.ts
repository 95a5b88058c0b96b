import { randomUUID } from 'node:crypto';
import { contractExamples } from '#contracts/contract-documents.js';
import { ROSTER, type RosterPeer } from '../demo/roster.js';

/** A CloudEvent as a peer's system would build it. */
export type Event = Record<string, unknown> & { readonly id: string; readonly data: Record<string, unknown> };

export interface Person {
  readonly vNumber: string;
  readonly familyName: string;
}

/** A case as those who send about it know it. */
export interface OpenCase {
  readonly caseId: string;
  /** Name of the municipality in the roster. */
  readonly municipality: string;
  readonly person: Person;
}

export function peerNamed(name: string): RosterPeer {
  const found = ROSTER.find((one) => one.name === name);
  if (!found) throw new Error(`no peer ${name} in the roster`);
  return found;
}

/** Beginnings of V-numbers that nobody has, in the order in which they are used up. */
const INVENTED = ['9999', '0000'];
const NUMBERS_EACH = 1_000_000;

/** The n-th invented person (0 .. 1,999,999): V-numbers of the demo's own ranges, different for each n. */
export function personNumber(n: number): Person {
  const beginning = INVENTED[Math.floor(n / NUMBERS_EACH)];
  if (beginning === undefined) throw new Error(`there are ${INVENTED.length * NUMBERS_EACH} invented numbers`);
  return { vNumber: `${beginning}${String(n % NUMBERS_EACH).padStart(6, '0')}`, familyName: 'Proefpersoon' };
}

/** An event of this sender; `contract` is the kebab name, as in `ind-dossier-part`. */
export function event(from: string, contract: string, data: Record<string, unknown>, caseId?: string): Event {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: `urn:nld:oin:${peerNamed(from).oin}:proef`,
    type: `nl.lvv.${contract}.v1`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    ...(caseId === undefined ? {} : { caseid: caseId }),
    data,
  };
}

/** M01. */
export const application = (municipality: string, { vNumber, familyName }: Person): Event =>
  event(municipality, 'resident-application', {
    pilot: peerNamed(municipality).pilot,
    v_number: vNumber,
    family_name: familyName,
    given_names: 'Proef',
    birth_date: '1986',
    sex: 'V',
    nationalities: ['0263'],
    origin: 'STREET',
    regional_tie: { kind: 'EARLIER_STAY', evidence: 'DOCUMENT' },
    applied_on: today(),
  });

/** M02. */
export const checkRequest = ({ municipality, caseId, person }: OpenCase): Event =>
  event(
    municipality,
    'admission-check-request',
    {
      v_number: person.vNumber,
      family_name: person.familyName,
      birth_date: '1986',
      questions: ['X1', 'X2', 'X3', 'X4', 'X5', 'X6'],
      test_date: today(),
    },
    caseId,
  );

/** M03 of the IND: its five grounds, and the number is that of this person. */
export const indAnswer = ({ caseId }: OpenCase): Event =>
  event(
    'ind',
    'admission-check-response',
    {
      v_number_status: 'MATCH',
      answers: { X1: 'NO', X2: 'NO', X3: 'NO', X4: 'NO', X5: 'NO' },
      as_of: new Date().toISOString(),
    },
    caseId,
  );

/** M03 of the COA. */
export const coaAnswer = ({ caseId }: OpenCase): Event =>
  event('coa', 'admission-check-response', { answers: { X6: 'NO' }, as_of: new Date().toISOString() }, caseId);

/** M04 with a bed that is ready: admitted, the stay begins, DT&V is told and the dossier requested. */
export const admission = ({ municipality, caseId }: OpenCase, stayId: string = randomUUID()): Event =>
  event(
    municipality,
    'admission-decision',
    {
      outcome: 'ADMITTED',
      policy_version: 'proef-1',
      decided_on: today(),
      stay: { stay_id: stayId, kind: 'SHELTER', on: today() },
    },
    caseId,
  );

/** M08 or M09, complete. A higher version of the same part takes the place of the lower one. */
export function dossierPart(
  supplier: 'ind' | 'dtv',
  { caseId, person }: OpenCase,
  partId: string = randomUUID(),
  version = 1,
): Event {
  const id = supplier === 'ind' ? 'M08' : 'M09';
  const example = contractExamples(id).find((one) => (one as { part_status?: string }).part_status === 'COMPLETE');
  if (!example) throw new Error(`no complete example of ${id}`);
  const data = {
    ...(example as Record<string, unknown>),
    part_id: partId,
    part_version: version,
    v_number: person.vNumber,
  };
  return event(supplier, `${supplier}-dossier-part`, data, caseId);
}

/** The most that the contract of M08 takes in its longest list. */
const MAX_PROCEDURES = 100;

/**
 * The body of an event in about `bytes` bytes. An M08 is filled with procedures up to what its contract takes (about
 * 12 kB); what is still missing is white space, which is read, parsed and thrown away as in any pretty-printed message.
 */
export function bodyOfSize(message: Event, bytes: number): string {
  const text = JSON.stringify(message);
  const procedures = Array.isArray(message.data.procedures) ? (message.data.procedures as unknown[]) : [];
  const [first] = procedures;
  if (first === undefined || text.length >= bytes) return padded(text, bytes);
  const room = Math.floor((bytes - text.length) / (JSON.stringify(first).length + 1));
  const more = Array.from({ length: Math.min(room, MAX_PROCEDURES - procedures.length) }, () => first);
  return padded(JSON.stringify({ ...message, data: { ...message.data, procedures: [...procedures, ...more] } }), bytes);
}

function padded(text: string, bytes: number): string {
  return text + ' '.repeat(Math.max(0, bytes - text.length));
}

/** The calendar date in the Netherlands, `YYYY-MM-DD`. */
export function today(): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Amsterdam' }).format(new Date());
}
