import type { CaseIdentity } from '../../cases/case-snapshot.js';
import { formatCaseNumber } from '../../cases/case-number.js';
import type { CaseContext } from '../../cases/transition.js';
import { GatewayError } from '../../errors.js';
import { newId, type BatchWork, type CaseAtWork } from './batch-work.js';

/** What guards may look at, all read under lock before. Throws PILOT_UNKNOWN when the pilot is not registered. */
export function contextOf(
  work: BatchWork,
  row: CaseAtWork | null,
  pilotCode: string,
  subject: Buffer | null,
  identity: CaseIdentity | null,
): CaseContext {
  const pilot = work.parts.register.pilotOnDate(pilotCode, work.today);
  if (!pilot) throw new GatewayError('PILOT_UNKNOWN', 'the pilot is not in the register');
  const personId = row?.personId ?? (subject ? work.loaded.persons.get(subject.toString('hex')) : undefined);
  const others = personId ? [...(work.loaded.personCases.get(personId)?.values() ?? [])] : [];
  return {
    now: work.caseNowText,
    today: work.today,
    pilot,
    otherCases: others.filter((one) => one.caseId !== row?.id),
    national: work.national,
    routeBases: work.parts.register.routeBases(),
    identity: () => identity ?? (row ? work.identityOf(row) : neverKnown()),
    newId,
    nextCaseNumber: () => nextCaseNumber(work, pilotCode),
  };
}

function neverKnown(): never {
  throw new Error('a message without a case has no identity');
}

function nextCaseNumber(work: BatchWork, pilot: string): string {
  const reserved = work.loaded.caseNumbers.get(pilot);
  if (!reserved) throw new Error('no case number was set aside');
  const serial = reserved.next;
  reserved.next += 1;
  return formatCaseNumber(pilot, reserved.year, serial);
}
