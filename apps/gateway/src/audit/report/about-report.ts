import type { Caller } from '../caller.js';
import { indexesOf } from './person-records.js';
import type { About } from './recorded.js';

interface AboutPerson {
  readonly caseId: string;
  readonly personId: string;
  readonly subjectIndex: Buffer | null;
  readonly municipalityOin: string;
}

/** What every record about a report says. The police's names no municipality: its officer would find that record. */
export function aboutPerson(indexKey: Buffer, caller: Caller, person: AboutPerson, details: object = {}): About {
  return {
    caseId: person.caseId,
    ...(caller.kind === 'AVIM' ? {} : { municipality: person.municipalityOin }),
    subjects: indexesOf(indexKey, person)
      .slice(0, 1)
      .map((index) => ({ index, id: 'data-subject-report' })),
    details: { ...details },
  };
}
