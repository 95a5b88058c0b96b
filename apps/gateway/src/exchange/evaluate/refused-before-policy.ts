import type { Explanation } from '../../policy/explain.js';

type Refused = Omit<Explanation, 'policyVersion'>;

const refused = (code: string, reason: string): Refused => ({
  permit: false,
  code,
  rule: { file: '', line: 0, text: reason },
  released: [],
  withheld: [],
  reasons: [reason],
});

/** No line of the policy is asked: there is nothing to ask it for. */
export const WITHOUT_PURPOSE = refused('PURPOSE_REQUIRED', 'Er is geen doel genoemd.');

/** The policy would permit; the grant of this person in this case is over. */
export const WITHOUT_GRANT = refused('GRANT_ENDED', 'De tijdelijke toegang van deze medewerker is geëindigd.');

/** Nobody asks what another may: the role follows from the caller's own certificate. */
export const WITHOUT_SUBJECT = refused('SUBJECT_NOT_CALLER', 'Een organisatie vraagt dit alleen voor zichzelf.');
