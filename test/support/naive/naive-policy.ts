import { readFileSync } from 'node:fs';

/*
 * A second reading of the policy, made in another way: line by line from the files that a lawyer reads, with none of the
 * gateway's own policy code. What the gateway does has to agree with it.
 */
const DIR = 'apps/gateway/policy/2026.1';
const linesOf = (file: string): string[][] =>
  readFileSync(`${DIR}/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(';'));

const TABLE = linesOf('release-table.csv');
const MATRIX = linesOf('matrix.csv');
const ROLES = json<{ kind: string; purposes: string[]; role: string }[]>('roles.json');
const PURPOSES = json<{ code: string; ends: string; successors: { code: string }[] }[]>('purposes.json');
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  MR: ['MUNICIPALITY', 'NGO', 'IND', 'DTV'],
  NE: ['IND', 'DTV'],
};
/** Footnotes of the matrix that a single property can meet; the others are met elsewhere, or never. */
const FOOTNOTES: Readonly<Record<string, string>> = { 7: 'M', 8: 'M', 15: '15', 17: '17' };

/** Group to `F`, `m`, `m@M`, ... */
export type Row = ReadonlyMap<string, string>;
export type GrantState = 'running' | 'over' | 'none';

export interface Question {
  readonly kind: string;
  readonly purpose: string | undefined;
  readonly ended: readonly string[];
  readonly grant: GrantState;
}

export type Verdict =
  | { readonly permit: true; readonly role: string; readonly row: Row }
  | { readonly permit: false; readonly code: string };

const refuse = (code: string): Verdict => ({ permit: false, code });

export const KNOWN_PURPOSES = PURPOSES.map(({ code }) => code);
export const GRANT_OF: Readonly<Record<string, string>> = { P07: 'MR', P08: 'NE' };

/** A look into a case, or what the policy says of one. */
export function naiveView({ kind, purpose, ended, grant }: Question): Verdict {
  if (purpose !== undefined && !KNOWN_PURPOSES.includes(purpose)) return refuse('PURPOSE_NOT_ALLOWED');
  if (grant === 'over') return refuse('GRANT_ENDED');
  if (purpose === undefined) return refuse('PURPOSE_REQUIRED');
  const verdict = rowFor(kind, purpose, grant);
  return verdict.permit && ended.includes(purpose) ? refuse('PURPOSE_ENDED') : verdict;
}

/** The content of a message that was received for `received`. */
export function naiveContent(question: Question & { readonly received: string }): Verdict {
  const { received, purpose, grant } = question;
  if (grant === 'over' || purpose === undefined || !KNOWN_PURPOSES.includes(purpose)) return naiveView(question);
  const reachable = purpose === received || grant === 'running' || successors(received).has(purpose);
  if (!reachable) return refuse('PURPOSE_NOT_ALLOWED');
  const verdict = naiveView({ ...question, ended: purpose === received ? [] : question.ended });
  return verdict.permit ? { ...verdict, row: new Map([...verdict.row, ['FG00', 'F']]) } : verdict;
}

/** Purposes that have ended once these things have happened in a case. */
export function naiveEnded(past: { decided: boolean; delivered: boolean; left: boolean }): string[] {
  const over: Readonly<Record<string, boolean>> = {
    ADMISSION_DECIDED: past.decided || past.left,
    DOSSIER_DELIVERED: past.delivered || past.left,
    SCENARIO_ACCEPTED: past.left,
    EXIT: past.left,
  };
  return PURPOSES.filter(({ ends }) => over[ends] === true).map(({ code }) => code);
}

function rowFor(kind: string, purpose: string, grant: GrantState): Verdict {
  const own = ROLES.find((entry) => entry.kind === kind && entry.purposes.includes(purpose))?.role;
  if (own === undefined) return refuse('PURPOSE_NOT_ALLOWED');
  const given = grant === 'running' ? GRANT_OF[purpose] : undefined;
  if (given !== undefined && !(MEMBERS[given] ?? []).includes(kind)) return refuse('GRANT_ENDED');
  const role = given ?? own;
  const line = TABLE.find((cells) => cells[0] === purpose && cells[1] === role);
  if (!line) return refuse('PURPOSE_NOT_ALLOWED');
  const cells = (line[2] ?? '').split(',').map((text) => text.split('=') as [string, string]);
  const bounded = given === undefined ? cells : cells.flatMap(([group, level]) => bound(group, level, own));
  return { permit: true, role, row: new Map(bounded) };
}

/** A grant gives no more than the member's own column of the matrix. */
function bound(group: string, level: string, own: string): [string, string][] {
  const column = (MATRIX[0] ?? []).indexOf(own);
  const cell = MATRIX.find((cells) => cells[0] === group)?.[column] ?? '-';
  const [, most, footnote] = /^([Fmboa])(\d*)$/.exec(cell) ?? [];
  if (most === undefined) return [];
  const granted = level === 't' ? most : level;
  if (granted === 'b' && !['F', 'm', 'b'].includes(most)) return [];
  const condition = FOOTNOTES[footnote ?? ''];
  return [[group, condition === undefined ? granted : `${granted}@${condition}`]];
}

function successors(from: string): ReadonlySet<string> {
  const direct = PURPOSES.find(({ code }) => code === from)?.successors.map(({ code }) => code) ?? [];
  return new Set(direct.flatMap((code) => [code, ...successors(code)]));
}

function json<T>(file: string): T {
  return JSON.parse(readFileSync(`${DIR}/${file}`, 'utf8')) as T;
}
