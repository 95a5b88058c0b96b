import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import type { LocalDate } from './case-snapshot.js';
import { REGISTER_SCHEMA } from './register-schema.js';
import type { PilotOnDate } from './transition.js';

const MAX_PROBLEMS = 50;

/** Both days are in force; without `validTo` there is no end yet. */
interface Period {
  readonly validFrom: LocalDate;
  readonly validTo?: LocalDate | null;
}

type PolicyRow = Period & { readonly pilot: string; readonly key: string; readonly value: unknown };
type CovenantRow = Period & { readonly id: string; readonly pilot: string };

/** What `pilotOnDate` looks at. The tables of the register, read as they are, fit. */
export interface PilotRegister {
  readonly pilots: readonly { readonly code: string; readonly municipalityOin: string }[];
  readonly covenants: readonly CovenantRow[];
  readonly policies: readonly PolicyRow[];
}

/** Effective-dated data of the pilots, merged from its documents and without their source lines. */
export interface Register extends PilotRegister {
  readonly pilots: readonly {
    readonly code: string;
    readonly name: string;
    readonly municipalityOin: string;
    readonly municipalityCode: string;
  }[];
  readonly capacities: readonly {
    readonly pilot: string;
    readonly agreedPlaces: number;
    readonly validFrom: LocalDate;
    readonly validTo?: LocalDate;
  }[];
  readonly covenants: readonly {
    readonly id: string;
    readonly pilot: string;
    readonly parties: readonly string[];
    readonly validFrom: LocalDate;
    readonly validTo: LocalDate;
  }[];
  readonly policies: readonly {
    readonly pilot: string;
    readonly key: string;
    readonly value: unknown;
    readonly validFrom: LocalDate;
    readonly validTo?: LocalDate;
  }[];
  readonly routeBases: readonly {
    readonly contract: ContractId;
    readonly receiverKind: PeerKind;
    readonly basis: string;
    readonly validFrom: LocalDate;
    readonly validTo?: LocalDate;
  }[];
}

/** One file of `apps/gateway/register/`. Municipalities stand apart: their OIN belongs to the installation. */
type RegisterFile = Partial<Omit<Register, 'pilots'>> & {
  readonly label?: string;
  readonly pilots?: readonly Omit<Register['pilots'][number], 'municipalityOin'>[];
  readonly municipalities?: readonly { readonly pilot: string; readonly oin: string }[];
};

/** Every problem at once (at most 50), as JSON pointers into the document of that number. */
export class RegisterError extends Error {
  override readonly name = 'RegisterError';
  constructor(readonly problems: readonly string[]) {
    super(`the register is not valid:\n${problems.map((one) => `  ${one}`).join('\n')}`);
  }
}

const ajv = new Ajv2020({ allErrors: true, validateSchema: false });
formats.default(ajv, ['date']);
const isRegisterFile = ajv.compile<RegisterFile>(REGISTER_SCHEMA);

/**
 * Checks and merges register documents: parsed JSON, in any order. Throws RegisterError when one is not valid, a row
 * names an unknown pilot, a pilot has no municipality, a period ends before it begins, or a key stands twice.
 */
export function parseRegister(...documents: readonly unknown[]): Register {
  const files = documents.map(checked);
  const all = <T>(section: (file: RegisterFile) => readonly T[] | undefined): T[] =>
    files.flatMap((file) => section(file) ?? []);
  const oins = new Map(all((file) => file.municipalities).map(({ pilot, oin }) => [pilot, oin]));
  const bare = all((file) => file.pilots);
  const register: Register = {
    pilots: bare.map((one) => ({ ...sourceless(one), municipalityOin: oins.get(one.code) ?? '' })),
    capacities: all((file) => file.capacities).map(sourceless),
    covenants: all((file) => file.covenants).map(sourceless),
    policies: all((file) => file.policies).map(sourceless),
    routeBases: all((file) => file.routeBases).map(sourceless),
  };
  const problems = [
    ...problemsOf(register),
    ...strangers(
      register,
      [...oins.keys()].map((pilot) => ({ pilot })),
    ),
  ];
  if (problems.length > 0) throw new RegisterError(problems.slice(0, MAX_PROBLEMS));
  return register;
}

/** The pilot as it stands on a local date, or null when it is not registered. Of overlapping rows the latest counts. */
export function pilotOnDate(register: PilotRegister, code: string, date: LocalDate): PilotOnDate | null {
  const pilot = register.pilots.find((one) => one.code === code);
  if (!pilot) return null;
  const inForce = <T extends Period & { readonly pilot: string }>(rows: readonly T[]): T[] =>
    rows
      .filter((row) => row.pilot === code && row.validFrom <= date && date <= (row.validTo ?? date))
      .toSorted((a, b) => a.validFrom.localeCompare(b.validFrom));
  return {
    code,
    municipalityOin: pilot.municipalityOin,
    covenantId: inForce(register.covenants).at(-1)?.id ?? null,
    policy: Object.fromEntries(inForce(register.policies).map((row) => [row.key, row.value])),
  };
}

function checked(document: unknown, index: number): RegisterFile {
  if (isRegisterFile(document)) return document;
  const errors = (isRegisterFile.errors ?? []).slice(0, MAX_PROBLEMS);
  throw new RegisterError(
    errors.map(({ instancePath, message }) => `document ${index}${instancePath} ${message ?? ''}`),
  );
}

function problemsOf(register: Register): readonly string[] {
  const { pilots, capacities, covenants, policies, routeBases } = register;
  return [
    ...pilots.filter((one) => one.municipalityOin === '').map((one) => `pilot ${one.code} has no municipality`),
    ...strangers(register, [...capacities, ...covenants, ...policies]),
    ...[...capacities, ...covenants, ...policies, ...routeBases]
      .filter((row) => row.validTo !== undefined && row.validTo < row.validFrom)
      .map((row) => `a period from ${row.validFrom} ends before it begins`),
    ...twice(pilots.map((one) => `pilot ${one.code}`)),
    ...twice(covenants.map((one) => `covenant ${one.id}`)),
    ...twice(capacities.map((one) => `capacity of ${one.pilot} from ${one.validFrom}`)),
    ...twice(policies.map((one) => `policy ${one.key} of ${one.pilot} from ${one.validFrom}`)),
  ];
}

function strangers(register: Register, rows: readonly { readonly pilot: string }[]): readonly string[] {
  const known = new Set(register.pilots.map((one) => one.code));
  return [...new Set(rows.map((row) => row.pilot))]
    .filter((code) => !known.has(code))
    .map((code) => `pilot ${code} is not registered`);
}

function twice(keys: readonly string[]): readonly string[] {
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))].map((key) => `${key} stands twice`);
}

/** The source line is for readers of the file; the tables have no column for it. */
function sourceless<T extends object>(row: T): T {
  const { source: _source, ...rest } = row as T & { source?: string };
  return rest as T;
}
