/** Questions of an admission check that are asked of others (domain 2.4); X7 only where a basis for AVIM is configured. */
export const QUESTIONS = ['X1', 'X2', 'X3', 'X4', 'X5', 'X6'] as const;
export type Question = (typeof QUESTIONS)[number];

/** Grounds that COA answers; the rest is for IND. */
export const FOR_COA: readonly string[] = ['X6'];

export type AnswerValue = 'YES' | 'NO' | 'UNKNOWN' | 'REVIEW';

/** What the responses (M03) of all parties say per question; a later response takes the place of an earlier one. */
export function answersOf(responses: readonly Readonly<Record<string, unknown>>[]): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const { answers: given } of responses) {
    if (typeof given !== 'object' || given === null) continue;
    for (const [question, answer] of Object.entries(given)) {
      if (typeof answer === 'string') answers.set(question, answer);
    }
  }
  return answers;
}
