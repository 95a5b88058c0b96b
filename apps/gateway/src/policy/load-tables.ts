import { PURPOSES, ROLES, type FieldGroup, type PurposeCode, type Role } from '#contracts/domain.js';
import type { Release } from './decision.js';
import { exceedsMatrix } from './matrix-bound.js';
import type { MatrixCell, MatrixCondition, Policy, PurposeRole } from './policy.js';
import { PolicyError } from './policy-error.js';
import { readPolicyCsv } from './policy-file.js';
import { parseMatrixCell, parseRelease } from './table-cells.js';

export const MATRIX = 'matrix.csv';
export const RELEASES = 'release-table.csv';

/** The upper bound (domain 3.3): every field group has one row, every role one column. */
export function readMatrix(
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

/** The release table (domain 3.4) with the line of each row; no release exceeds the matrix. */
export function readReleases(
  dir: string,
  matrix: Policy['matrix'],
  conditions: readonly MatrixCondition[],
): { readonly releases: Policy['releases']; readonly lines: Policy['lines']['releases'] } {
  const { header, rows } = readPolicyCsv(dir, RELEASES);
  if (header.cells.join(';') !== 'purpose;role;release') {
    throw new PolicyError(RELEASES, header.line, 'header must be purpose;role;release');
  }
  const releases: Partial<Record<PurposeRole, readonly Release[]>> = {};
  const lines: Partial<Record<PurposeRole, number>> = {};
  for (const { line, cells } of rows) {
    const [purpose, role, list] = cells as [PurposeCode, Role, string];
    if (!PURPOSES.includes(purpose)) throw new PolicyError(RELEASES, line, `${purpose} is not a purpose`);
    if (!ROLES.includes(role)) throw new PolicyError(RELEASES, line, `${role} is not a role`);
    const key: PurposeRole = `${purpose};${role}`;
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
    lines[key] = line;
  }
  return { releases, lines };
}

function releaseOf(text: string, line: number): Release {
  const release = parseRelease(text.trim());
  if (release === undefined) throw new PolicyError(RELEASES, line, `'${text}' is not a release such as FG26=m@15`);
  return release;
}
