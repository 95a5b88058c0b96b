import { LEVELS, type FieldGroup, type Level } from '#contracts/domain.js';
import type { Release } from './decision.js';
import type { MatrixCell } from './policy.js';

export const RELEASE_CONDITIONS = ['15', '16a', '16c', '17', 'M'] as const satisfies readonly Release['condition'][];

function isLevel(text: string | undefined): text is Level {
  return (LEVELS as readonly string[]).includes(text ?? '');
}

/**
 * One cell of the matrix (domain 3.3): `F`, `m5`, `3` (a condition alone), `-`, or the words `own org` (entries that
 * concern the reader's own organisation: level o) and `meta` (metadata alone: level m). Undefined: not a cell.
 */
export function parseMatrixCell(text: string): MatrixCell | undefined {
  if (text === '-') return { level: null };
  if (text === 'own org') return { level: 'o' };
  if (text === 'meta') return { level: 'm' };
  const match = /^([A-Za-z])?(\d{1,2})?$/.exec(text);
  if (match === null || text === '') return undefined;
  const [, level, number] = match;
  if (level !== undefined && !isLevel(level)) return undefined;
  return { level: level ?? null, ...(number === undefined ? {} : { condition: Number(number) }) };
}

/** One release (domain 3.4): `FG26=m@15` or `FG28=F@17`. Undefined: not a release. */
export function parseRelease(text: string): Release | undefined {
  const match = /^(FG\d{2})=([A-Za-z])(?:@(\w+))?$/.exec(text);
  if (match === null || !isLevel(match[2])) return undefined;
  const release = { group: match[1] as FieldGroup, level: match[2] };
  if (match[3] === undefined) return release;
  const condition = RELEASE_CONDITIONS.find((known) => known === match[3]);
  return condition === undefined ? undefined : { ...release, condition };
}

/** The release as the table writes it. */
export function releaseText({ group, level, condition }: Release): string {
  return `${group}=${level}${condition === undefined ? '' : `@${condition}`}`;
}
