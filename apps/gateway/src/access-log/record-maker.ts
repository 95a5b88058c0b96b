import { pooledRandomBytes } from '../storage/random.js';
import { prepareRecord, type AccessRecordInput, type PreparedRecord, type RecordTerms } from './access-record.js';

/** Fixes a record by the terms in force now. `now`: system clock, where the caller writes the same time elsewhere too. */
export type RecordMaker = (input: AccessRecordInput, now?: Date) => PreparedRecord;

/** `terms` is asked for each record: a new version of the policy holds from its first day without a restart. */
export function recordMaker(terms: () => RecordTerms): RecordMaker {
  return (input, now = new Date()) => prepareRecord(input, { now, randomBytes: pooledRandomBytes, terms: terms() });
}
