import { CONTRACTS } from '#contracts/catalogue.js';
import { PURPOSES, type LegalBasis } from '#contracts/domain.js';
import type { ProcessingActivity } from './activity.js';
import type { Policy } from './policy.js';
import { PolicyError } from './policy-error.js';
import { byCode, readPolicyJson } from './policy-file.js';
import { RETENTION_CODES, type RetentionTerm } from './retention.js';

const ACTIVITIES = 'processing-activities.json';
const RETENTION = 'retention.json';

/** Terms by kind; every kind has one. */
export function readRetention(dir: string): Policy['retention'] {
  const terms = byCode(readPolicyJson<RetentionTerm[]>(dir, RETENTION), ({ code }) => code);
  for (const code of RETENTION_CODES) {
    if (!Object.hasOwn(terms, code)) throw new PolicyError(RETENTION, 0, `lacks a term for ${code}`);
  }
  return terms;
}

/**
 * The register of processing activities by URI. Refuses an activity on an unknown legal basis, a purpose whose
 * consultations belong to no activity or to two, and a catalogue with a contract that the register does not cover.
 */
export function readActivities(dir: string, legalBases: Policy['legalBases']): Policy['activities'] {
  const document = readPolicyJson<ProcessingActivity[]>(dir, ACTIVITIES);
  const activities = byCode(document, ({ uri }) => uri);
  for (const [index, activity] of document.data.entries()) {
    const at = `/${index}/legalBases`;
    for (const [position, basis] of activity.legalBases.entries()) {
      if (!isKnown(legalBases, basis)) throw document.refuse(`${at}/${position}`, `${basis} is not a legal basis`);
    }
    const foreign = activity.consultations.find((purpose) => !activity.purposes.includes(purpose));
    if (foreign) throw document.refuse(`/${index}/consultations`, `${foreign} is no purpose of this activity`);
  }
  for (const purpose of PURPOSES) {
    const own = document.data.filter(({ consultations }) => consultations.includes(purpose)).length;
    if (own !== 1)
      throw new PolicyError(ACTIVITIES, 0, `consultations for ${purpose} belong to ${own} activities, not 1`);
  }
  for (const contract of CONTRACTS) {
    const problem = notCovered(contract, activities);
    if (problem) throw new PolicyError(ACTIVITIES, 0, `${contract.id} ${contract.name} ${problem}`);
  }
  return activities;
}

type Covered = Pick<(typeof CONTRACTS)[number], 'processingActivity' | 'purposes' | 'legalBases'>;

/** Why the register does not cover a contract, or null. */
function notCovered(contract: Covered, activities: Policy['activities']): string | null {
  const activity = activities[contract.processingActivity];
  if (!activity) return `names ${contract.processingActivity}, which is not registered`;
  const purpose = contract.purposes.find((one) => !activity.purposes.includes(one));
  if (purpose) return `is for ${purpose}, which is no purpose of ${activity.uri}`;
  const basis = contract.legalBases.find((one) => !activity.legalBases.includes(one));
  return basis ? `rests on ${basis}, which is no basis of ${activity.uri}` : null;
}

const isKnown = (legalBases: Policy['legalBases'], basis: LegalBasis): boolean => Object.hasOwn(legalBases, basis);
