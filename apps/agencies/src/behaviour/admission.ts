import { answersOf, QUESTIONS, type Question } from '../messages/check-answers.js';
import type { Person } from '../population/person.js';

export interface Admission {
  readonly outcome: 'ADMITTED' | 'REFUSED';
  /** Of a refusal: a national ground was answered YES, or a local criterion is not met (domain 2.4). */
  readonly groundClass?: 'NATIONAL' | 'LOCAL';
  /** Questions that nobody could answer with NO: a named official decides on those (T04). */
  readonly decidedByOfficial: readonly Question[];
}

/** Null while an answer is outstanding. A person decides in reality; the simulated official follows domain 2.4. */
export function decide(person: Person, responses: readonly Readonly<Record<string, unknown>>[]): Admission | null {
  const answers = answersOf(responses);
  if (QUESTIONS.some((question) => !answers.has(question))) return null;
  const answered = (value: string): Question[] => QUESTIONS.filter((question) => answers.get(question) === value);
  if (answered('YES').length > 0) return { outcome: 'REFUSED', groundClass: 'NATIONAL', decidedByOfficial: [] };
  if (person.exclusion === 'L1') return { outcome: 'REFUSED', groundClass: 'LOCAL', decidedByOfficial: [] };
  return { outcome: 'ADMITTED', decidedByOfficial: [...answered('UNKNOWN'), ...answered('REVIEW')] };
}
