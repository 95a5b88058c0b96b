import { localDate, plusDays } from '../behaviour/local-date.js';
import type { ReceivedEntry } from '../book/book-entry.js';
import type { Person } from '../population/person.js';
import { FOR_COA, QUESTIONS, type AnswerValue } from './check-answers.js';
import { stableId } from './stable-id.js';

/** Questions of an M02 that fall to one party. */
function asked(entry: ReceivedEntry, mine: (question: string) => boolean): string[] {
  const questions = entry.data['questions'];
  return Array.isArray(questions) ? questions.filter((one): one is string => typeof one === 'string' && mine(one)) : [];
}

/** M03 of IND: matches the person and answers the test, never the facts behind it. */
export function indCheckAnswer(entry: ReceivedEntry, person: Person): object {
  const questions = asked(
    entry,
    (question) => QUESTIONS.some((one) => one === question) && !FOR_COA.includes(question),
  );
  const answer = (question: string): AnswerValue => {
    if (!person.knownToInd) return 'UNKNOWN';
    return person.exclusion === question ? 'YES' : 'NO';
  };
  return {
    v_number_status: person.knownToInd ? 'MATCH' : 'UNKNOWN',
    answers: questions.map((question) => ({ question, answer: answer(question) })),
    as_of: entry.at,
    ...(person.exclusion === 'X4' ? { dublin_responsible_state: 'DE' } : {}),
  };
}

/** M03 of COA: only whether there is a right to reception elsewhere. */
export function coaCheckAnswer(entry: ReceivedEntry, person: Person): object {
  const answer: AnswerValue = person.exclusion === 'X6' ? 'YES' : 'NO';
  return {
    v_number_status: person.knownToInd ? 'MATCH' : 'UNKNOWN',
    answers: asked(entry, (question) => FOR_COA.includes(question)).map((question) => ({ question, answer })),
    as_of: entry.at,
  };
}

/** M03 of AVIM: the coded public-order answer, where a basis for asking it is configured. */
export function avimCheckAnswer(entry: ReceivedEntry): object {
  return {
    v_number_status: 'MATCH',
    answers: asked(entry, (question) => question === 'X7').map((question) => ({ question, answer: 'NO' })),
    as_of: entry.at,
  };
}

/** M06. */
export function dtvAcknowledgement(entry: ReceivedEntry): object {
  return { acked_at: entry.at, dtv_file_ref: `DTV-${stableId(entry.id).slice(0, 8)}` };
}

/** M11: earlier reception, in codes and dates. */
export function receptionHistory(entry: ReceivedEntry): object {
  const today = localDate(entry.at);
  return {
    stays: [
      { location_type: 'AZC', from: plusDays(today, -900), to: plusDays(today, -400), end_reason: 'RIGHT_ENDED' },
    ],
    right_to_reception_now: false,
  };
}

/** M10: only whether the identity was verified; nothing of police data. */
export function avimSupplement(): object {
  return { identity_verified: true, regime: 'AVG' };
}
