import { randomUUID } from 'node:crypto';
import { contractExamples } from '#contracts/contract-documents.js';
import { accepted } from './calls.js';
import {
  application,
  checkRequest,
  coaAnswer,
  decision,
  event,
  indAnswer,
  stayStarted,
  today,
  type Event,
  type Person,
} from './messages.js';
import { peer, type World } from './world.js';

export interface Journey {
  readonly caseId: string;
  /** By message id of the catalogue, those that were posted; `M03` is the IND's. */
  readonly posted: Readonly<Record<string, string>>;
  /** What was sent, by the gateway's message id. */
  readonly sent: ReadonlyMap<string, Event>;
}

export interface JourneyOptions {
  readonly municipality: string;
  readonly pilot: string;
  readonly person: Person;
  /** Assigned before the decision, so that it is told of everything. */
  readonly ngo?: string;
}

/** The main job from the application to the rest period, with complete dossier parts. */
export async function playMainJob(world: World, options: JourneyOptions): Promise<Journey> {
  const { municipality, pilot, person, ngo } = options;
  const posted: Record<string, string> = {};
  const sent = new Map<string, Event>();
  const post = async (from: string, contract: string, message: Event): Promise<string> => {
    const receipt = await accepted(world, from, message);
    posted[contract] ??= receipt.messageId;
    sent.set(receipt.messageId, message);
    return receipt.caseId;
  };
  const caseId = await post(municipality, 'M01', application(municipality, pilot, person));
  await post(municipality, 'M02', checkRequest(municipality, caseId, person));
  await post('ind', 'M03', indAnswer(caseId));
  await post('coa', 'M03', coaAnswer(caseId));
  if (ngo) await post(municipality, 'M43', assignment(municipality, caseId, ngo));
  await post(municipality, 'M04', decision(municipality, caseId));
  await post(municipality, 'M41', stayStarted(municipality, caseId));
  await post('dtv', 'M06', acknowledgement(caseId));
  await post('ind', 'M08', fullPart('ind', caseId, person));
  await post('dtv', 'M09', fullPart('dtv', caseId, person));
  return { caseId, posted, sent };
}

export const assignment = (from: string, caseid: string, ngo: string): Event =>
  event(
    from,
    'guidance-assignment',
    { ngo_oin: peer(ngo).oin, from: today(), to: daysFromToday(180), contract_ref: 'NGO-PROEF-1' },
    { caseid },
  );

export const acknowledgement = (caseid: string): Event =>
  event('dtv', 'dtv-notification-ack', { dtv_file_ref: 'DTV-PROEF-1', acked_at: new Date().toISOString() }, { caseid });

/** A complete part: the example of the contract, about this person. */
export function fullPart(supplier: 'ind' | 'dtv', caseid: string, person: Person, partId = randomUUID()): Event {
  const id = supplier === 'ind' ? 'M08' : 'M09';
  const example = contractExamples(id).find((one) => (one as { part_status?: string }).part_status === 'COMPLETE');
  if (!example) throw new Error(`no complete example of ${id}`);
  const data = { ...(example as Record<string, unknown>), part_id: partId, v_number: person.vNumber };
  return event(supplier, supplier === 'ind' ? 'ind-dossier-part' : 'dtv-dossier-part', data, { caseid });
}

function daysFromToday(days: number): string {
  return new Date(Date.parse(`${today()}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
