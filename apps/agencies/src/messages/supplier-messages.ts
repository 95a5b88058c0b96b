import type {
  AdmissionCheckResponse, AvimSupplement, CoaReceptionHistory, DtvNotificationAck,
} from '#contracts/generated/messages.js'; // prettier-ignore
import { localDate, plusDays } from '../behaviour/local-date.js';
import type { ReceivedEntry } from '../book/book-entry.js';
import type { Person } from '../population/person.js';
import { FOR_COA, type AnswerValue } from './check-answers.js';
import { stableId } from './stable-id.js';

/** The public-order question, which is for AVIM alone. */
const X7 = 'X7';
/** RvIG table 34: a state that answers for a Dublin claim. */
const DUBLIN_STATE = '6029';

/** Answers to those questions of an M02 that fall to one party. */
function answerTo(
  entry: ReceivedEntry,
  mine: (question: string) => boolean,
  answer: (question: string) => AnswerValue,
): Record<string, AnswerValue> {
  const questions: unknown = entry.data['questions'];
  const asked = Array.isArray(questions) ? questions.filter((one): one is string => typeof one === 'string') : [];
  return Object.fromEntries(asked.filter(mine).map((question) => [question, answer(question)]));
}

/** M03 of IND: matches the person and answers the test, never the facts behind it. */
export function indCheckAnswer(entry: ReceivedEntry, person: Person): AdmissionCheckResponse {
  const mine = (question: string): boolean => question !== X7 && !FOR_COA.includes(question);
  const answer = (question: string): AnswerValue => {
    if (!person.knownToInd) return 'UNKNOWN';
    return person.exclusion === question ? 'YES' : 'NO';
  };
  return {
    v_number_status: person.knownToInd ? 'MATCH' : 'UNKNOWN',
    answers: answerTo(entry, mine, answer),
    as_of: entry.at,
    ...(person.exclusion === 'X4' ? { dublin_responsible_state: DUBLIN_STATE } : {}),
  };
}

/** M03 of COA: only whether there is a right to reception elsewhere. Whose number it is, is for IND to say. */
export function coaCheckAnswer(entry: ReceivedEntry, person: Person): AdmissionCheckResponse {
  const mine = (question: string): boolean => FOR_COA.includes(question);
  return { answers: answerTo(entry, mine, () => (person.exclusion === 'X6' ? 'YES' : 'NO')), as_of: entry.at };
}

/** M03 of AVIM: the coded public-order answer, where a basis for asking it is configured. */
export function avimCheckAnswer(entry: ReceivedEntry): AdmissionCheckResponse {
  return {
    answers: answerTo(
      entry,
      (question) => question === X7,
      () => 'NO',
    ),
    as_of: entry.at,
  };
}

/** M06. */
export function dtvAcknowledgement(entry: ReceivedEntry): DtvNotificationAck {
  return { acked_at: entry.at, dtv_file_ref: `DTV-${stableId(entry.id).slice(0, 8)}` };
}

/** M11: earlier reception, in codes and dates. */
export function receptionHistory(entry: ReceivedEntry): CoaReceptionHistory {
  const today = localDate(entry.at);
  return {
    part_id: stableId(`COA|${entry.source}|${entry.id}`),
    as_of: entry.at,
    stays: [
      { location_type: 'AZC', from: plusDays(today, -900), to: plusDays(today, -400), end_reason: 'RIGHT_ENDED' },
    ],
    right_to_reception_now: false,
  };
}

/** M10: only whether the identity was verified; nothing of police data. */
export function avimSupplement(entry: ReceivedEntry): AvimSupplement {
  const partId = stableId(`AVIM|${entry.source}|${entry.id}`);
  return { part_id: partId, as_of: entry.at, identity_verified: true, regime: 'AVG' };
}
