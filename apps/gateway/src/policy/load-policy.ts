import { PURPOSES, type FieldGroup, type PurposeCode, type Role } from '#contracts/domain.js';
import { readActivities, readRetention } from './load-register.js';
import { MATRIX, readMatrix, readReleases, RELEASES } from './load-tables.js';
import type { FieldGroupEntry, KindPurpose, LegalBasisEntry, MatrixCondition, Policy, Purpose } from './policy.js';
import { policyDigest } from './policy-digest.js';
import { PolicyError } from './policy-error.js';
import { byCode, readPolicyJson, type PolicyDocument } from './policy-file.js';
import { POLICY_SCHEMAS } from './policy-schemas.js';

const FILES = [...Object.keys(POLICY_SCHEMAS), MATRIX, RELEASES];

/**
 * Reads the folder of one version and returns it frozen. Refuses unknown codes, doubled rows, an incomplete matrix, a
 * release that exceeds the matrix for its role, and a contract that the register does not cover: PolicyError names file and line. The gateway does not start without.
 */
export function loadPolicy(dir: string): Policy {
  const { data: edition } = readPolicyJson<{ version: string; validFrom: string }>(dir, 'version.json');
  const purposesFile = readPolicyJson<Purpose[]>(dir, 'purposes.json');
  const purposes = byCode(purposesFile, (purpose) => purpose.code);
  for (const code of PURPOSES) {
    if (!(code in purposes)) throw new PolicyError('purposes.json', 0, `lacks purpose ${code}`);
  }
  const fieldGroups = byCode(readPolicyJson<FieldGroupEntry[]>(dir, 'field-groups.json'), (group) => group.code);
  const conditions = readPolicyJson<MatrixCondition[]>(dir, 'conditions.json');
  byCode(conditions, (condition) => String(condition.number));
  const matrix = readMatrix(dir, Object.keys(fieldGroups) as FieldGroup[], conditions.data);
  const { roles, lines: roleLines } = readRoles(dir);
  const { releases, lines: releaseLines } = readReleases(dir, matrix, conditions.data);
  const legalBases = byCode(readPolicyJson<LegalBasisEntry[]>(dir, 'legal-bases.json'), (basis) => basis.code);
  return deepFreeze({
    version: edition.version,
    validFrom: edition.validFrom,
    digest: policyDigest(dir, FILES),
    purposes,
    roles,
    fieldGroups,
    matrix,
    conditions: conditions.data,
    releases,
    legalBases,
    activities: readActivities(dir, legalBases),
    retention: readRetention(dir),
    lines: { releases: releaseLines, roles: roleLines, ...linesOfPurposes(purposesFile) },
  });
}

function linesOfPurposes({
  data,
  lineOf,
}: PolicyDocument<Purpose[]>): Pick<Policy['lines'], 'purposes' | 'successors'> {
  const purposes = data.map(({ code }, index) => [code, lineOf(`/${index}`)] as const);
  const successors = data.flatMap((purpose, index) =>
    purpose.successors.map(
      ({ code }, at) => [`${purpose.code};${code}`, lineOf(`/${index}/successors/${at}`)] as const,
    ),
  );
  return {
    purposes: Object.fromEntries(purposes) as Record<PurposeCode, number>,
    successors: Object.fromEntries(successors),
  };
}

function readRoles(dir: string): { readonly roles: Policy['roles']; readonly lines: Policy['lines']['roles'] } {
  type Row = { kind: string; purposes: PurposeCode[]; role: Role };
  const document = readPolicyJson<Row[]>(dir, 'roles.json');
  const roles: Partial<Record<KindPurpose, Role>> = {};
  const lines: Partial<Record<KindPurpose, number>> = {};
  for (const [index, { kind, purposes, role }] of document.data.entries()) {
    for (const purpose of purposes) {
      const key = `${kind};${purpose}` as KindPurpose;
      if (Object.hasOwn(roles, key)) throw document.refuse(`/${index}`, `${kind} has two roles for ${purpose}`);
      roles[key] = role;
      lines[key] = document.lineOf(`/${index}`);
    }
  }
  return { roles, lines };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
