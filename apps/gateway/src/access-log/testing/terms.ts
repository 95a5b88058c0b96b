import type { RecordTerms } from '../access-record.js';
import { recordMaker } from '../record-maker.js';

/** The terms of the first policy, for tests that are not about them. */
export const TERMS: RecordTerms = {
  DELIVERY: 60,
  CONSULTATION: 60,
  EVALUATION: 60,
  REFUSAL: 60,
  ADMIN: 60,
  ERASURE: null,
};

export const makeTestRecord = recordMaker(() => TERMS);
