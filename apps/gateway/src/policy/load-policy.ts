import { PURPOSES, ROLES, type FieldGroup, type PurposeCode, type Role } from '#contracts/domain.js';
import type { Release } from './decision.js';
import { exceedsMatrix } from './matrix-bound.js';
import type { FieldGroupEntry, LegalBasisEntry, MatrixCell, MatrixCondition, Policy, Purpose } from './policy.js';
import { PolicyError } from './policy-error.js';
import { policyDigest } from './policy-digest.js';
import { readPolicyCsv, readPolicyJson, type PolicyDocument } from './policy-file.js';
import { POLICY_SCHEMAS } from './policy-schemas.js';
import { parseMatrixCell, parseRelease } from './table-cells.js';

const MATRIX = 'matrix.csv';
const RELEASES = 'release-table.csv';
const FILES = [...Object.keys(POLICY_SCHEMAS), MATRIX, RELEASES];

/**
 * Reads the folder of one version and returns it frozen. Refuses unknown codes, doubled rows, an incomplete matrix, and a
 * release that exceeds the matrix for its role: PolicyError names file and line. The gateway does not start without.
 */
export function loadPolicy(dir: string): Policy {
  const { data: edition } = readPolicyJson<{ version: string; validFrom: string }>(dir, 'version.json');
  const purposes = unique(readPolicyJson<Purpose[]>(dir, 'purposes.json'), (purpose) => purpose.code);
  for (const code of PURPOSES) {
    if (!(code in purposes)) throw new PolicyError('purposes.json', 0, `lacks purpose ${code}`);
  }
  const fieldGroups = unique(readPolicyJson<FieldGroupEntry[]>(dir, 'field-groups.json'), (group) => group.code);
  const conditions = readPolicyJson<MatrixCondition[]>(dir, 'conditions.json');
  unique(conditions, (condition) => String(condition.number));
  const matrix = readMatrix(dir, Object.keys(fieldGroups) as FieldGroup[], conditions.data);
  return deepFreeze({
    version: edition.version,
    validFrom: edition.validFrom,
    digest: policyDigest(dir, FILES),
    purposes,
    roles: readRoles(dir),
    fieldGroups,
    matrix,
    conditions: conditions.data,
    releases: readReleases(dir, matrix, conditions.data),
    legalBases: unique(readPolicyJson<LegalBasisEntry[]>(dir, 'legal-bases.json'), (basis) => basis.code),
  });
}

/** Entries by code. Whether every code is there is the caller's check. */
function unique<T, K extends string>(document: PolicyDocument<T[]>, key: (entry: T) => K): Record<K, T> {
  const entries = {} as Record<K, T>;
  for (const [index, entry] of document.data.entries()) {
    const code = key(entry);
    if (Object.hasOwn(entries, code)) throw document.refuse(`/${index}`, `${code} stands here twice`);
    entries[code] = entry;
  }
  return entries;
}

function readRoles(dir: string): Policy['roles'] {
  type Row = { kind: string; purposes: PurposeCode[]; role: Role };
  const document = readPolicyJson<Row[]>(dir, 'roles.json');
  const roles: Record<string, Role> = {};
  for (const [index, { kind, purposes, role }] of document.data.entries()) {
    for (const purpose of purposes) {
      const key = `${kind};${purpose}`;
      if (Object.hasOwn(roles, key)) throw document.refuse(`/${index}`, `${kind} has two roles for ${purpose}`);
      roles[key] = role;
    }
  }
  return roles;
}

function readMatrix(
  dir: string,
  groups: readonly FieldGroup[],
  conditions: readonly MatrixCondition[],
): Policy['matrix'] {
  const { header, rows } = readPolicyCsv(dir, MATRIX);
  const [, ...roles] = header.cells as Role[];
  if ([...roles].sort().join() !== [...ROLES].sort().join()) {
    throw new PolicyError(MATRIX, header.line, `columns must be the roles ${ROLES.join(', ')}`);
  }
  const matrix: Record<FieldGroup, Record<Role, MatrixCell>> = {};
  for (const { line, cells } of rows) {
    const [group, ...texts] = cells as [FieldGroup, ...string[]];
    if (!groups.includes(group)) throw new PolicyError(MATRIX, line, `${group} is not a field group`);
    if (matrix[group] !== undefined) throw new PolicyError(MATRIX, line, `${group} stands here twice`);
    const row = roles.map((role, index) => {
      const cell = parseMatrixCell(texts[index] ?? '');
      if (cell === undefined) throw new PolicyError(MATRIX, line, `${role}: '${texts[index]}' is not a cell`);
      if (cell.condition !== undefined && !conditions.some(({ number }) => number === cell.condition)) {
        throw new PolicyError(MATRIX, line, `${role}: condition ${cell.condition} is not described`);
      }
      return [role, cell] as const;
    });
    matrix[group] = Object.fromEntries(row) as Record<Role, MatrixCell>;
  }
  for (const group of groups) {
    if (matrix[group] === undefined) throw new PolicyError(MATRIX, 0, `lacks field group ${group}`);
  }
  return matrix;
}

function readReleases(
  dir: string,
  matrix: Policy['matrix'],
  conditions: readonly MatrixCondition[],
): Policy['releases'] {
  const { header, rows } = readPolicyCsv(dir, RELEASES);
  if (header.cells.join(';') !== 'purpose;role;release') {
    throw new PolicyError(RELEASES, header.line, 'header must be purpose;role;release');
  }
  const releases: Record<string, readonly Release[]> = {};
  for (const { line, cells } of rows) {
    const [purpose, role, list] = cells as [PurposeCode, Role, string];
    if (!PURPOSES.includes(purpose)) throw new PolicyError(RELEASES, line, `${purpose} is not a purpose`);
    if (!ROLES.includes(role)) throw new PolicyError(RELEASES, line, `${role} is not a role`);
    const key = `${purpose};${role}`;
    if (Object.hasOwn(releases, key)) throw new PolicyError(RELEASES, line, `${purpose} ${role} stands here twice`);
    const row = list.split(',').map((text) => releaseOf(text, line));
    for (const [index, release] of row.entries()) {
      if (row.findIndex(({ group }) => group === release.group) !== index) {
        throw new PolicyError(RELEASES, line, `${release.group} stands in this row twice`);
      }
      if (matrix[release.group] === undefined) {
        throw new PolicyError(RELEASES, line, `${release.group} is not a field group`);
      }
      const excess = exceedsMatrix(release, matrix[release.group]?.[role], conditions);
      if (excess !== null) throw new PolicyError(RELEASES, line, `${purpose} ${role}: ${excess}`);
    }
    releases[key] = row;
  }
  return releases;
}

function releaseOf(text: string, line: number): Release {
  const release = parseRelease(text.trim());
  if (release === undefined) throw new PolicyError(RELEASES, line, `'${text}' is not a release such as FG26=m@15`);
  return release;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
