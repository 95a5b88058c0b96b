import { randomUUID } from 'node:crypto';
import {
  admission,
  application,
  checkRequest,
  coaAnswer,
  dossierPart,
  type Event,
  indAnswer,
  type OpenCase,
  personNumber,
} from '../../load/messages.js';
import { correctionOf, receiptOf, stayEvent } from './follow-ups.js';

/** What a message is to those who count: who must get it, its place among what one system sends, what begins with it. */
export interface Meaning {
  readonly from: string;
  readonly recipients: readonly string[];
  readonly lane: string;
  readonly turn: number;
  readonly stayId?: string;
}

/** Sends when it is time, and comes back with the ids once it is accepted. */
export type Post = (
  message: Event,
  meaning: Meaning,
) => Promise<{ readonly messageId: string; readonly caseId: string }>;

/** Messages of each of the three systems about one resident, after the opening. */
const TURNS = 6;

/**
 * One resident's case as its organisations send about it: the opening, and then three systems at the same time, each one
 * message after the answer to the one before.
 */
export async function playResident(n: number, municipality: string, post: Post): Promise<void> {
  const person = personNumber(n);
  const opener = lane(municipality, post);
  const { caseId } = await opener.post(application(municipality, person), []);
  const opened: OpenCase = { caseId, municipality, person };
  await opener.post(checkRequest(opened), ['ind', 'coa']);
  await Promise.all([
    lane('ind', post).post(indAnswer(opened), [municipality]),
    lane('coa', post).post(coaAnswer(opened), [municipality]),
  ]);
  const firstStay = randomUUID();
  await opener.post(admission(opened, firstStay), [], firstStay);
  const supplier = lane('ind', post);
  const first = await supplier.post(dossierPart('ind', opened), [municipality]);
  await Promise.all([
    stays(opened, firstStay, lane(municipality, post)),
    receipts(opened, first.messageId, lane(municipality, post)),
    corrections(opened, first.messageId, supplier),
  ]);
}

interface Lane {
  readonly post: (message: Event, recipients: readonly string[], stayId?: string) => ReturnType<Post>;
}

function lane(from: string, post: Post): Lane {
  const name = `${from} ${randomUUID().slice(0, 8)}`;
  let turn = 0;
  return {
    post: (message, recipients, stayId) =>
      post(message, { from, recipients, lane: name, turn: turn++, ...(stayId === undefined ? {} : { stayId }) }),
  };
}

async function stays(opened: OpenCase, firstStay: string, { post }: Lane): Promise<void> {
  let stayId = firstStay;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const step = turn % 3;
    if (step === 0) await post(stayEvent(opened, stayId, 'KIND_CHANGED', 'GUIDANCE_ONLY'), ['dtv']);
    if (step === 1) await post(stayEvent(opened, stayId, 'ENDED', 'GUIDANCE_ONLY'), ['dtv']);
    if (step !== 2) continue;
    stayId = randomUUID();
    // Not to DT&V itself: of a stay that begins the gateway makes the notification.
    await post(stayEvent(opened, stayId, 'STARTED', 'SHELTER'), [], stayId);
  }
}

async function receipts(opened: OpenCase, messageId: string, { post }: Lane): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await post(receiptOf(opened, messageId), ['ind']);
}

/** No newer version of the part: whoever reads the older one would be given that, and the books could not tell them apart. */
async function corrections(opened: OpenCase, messageId: string, { post }: Lane): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await post(correctionOf(opened, 'ind', messageId), [opened.municipality]);
}
