import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { HELP } from './help.js';

/** What the command line asks for. */
export interface VerifyOptions {
  /** Folder of an export, or https address of a live log (`https://…/v1/log`). */
  readonly log: string;
  /** Verifier keys, or files that hold one. */
  readonly keys: readonly string[];
  readonly witnessesFile: string | null;
  readonly quorum: number | null;
  readonly stateFile: string | null;
  readonly caFile: string | null;
  readonly digestsFile: string | null;
  readonly terms: Readonly<Record<string, number>>;
  readonly threads: number;
  readonly json: boolean;
}

/** The command line does not say what to do. */
export class UsageError extends Error {}

const text = { type: 'string' } as const;
const OPTIONS = {
  key: { ...text, multiple: true },
  witnesses: text,
  quorum: text,
  state: text,
  ca: text,
  digests: text,
  terms: text,
  threads: text,
  record: text,
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;
const THREADS_MAX = 64;
const TERMS = /^[A-Z]+=\d{1,4}(,[A-Z]+=\d{1,4})*$/;

export type Command =
  | { readonly name: 'help' }
  | {
      readonly name: 'proof';
      readonly file: string;
      readonly recordFile: string | null;
      readonly options: VerifyOptions;
    }
  | { readonly name: 'log'; readonly options: VerifyOptions };

/** @throws UsageError */
export function readCommand(args: readonly string[]): Command {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : HELP);
  }
  const { values, positionals } = parsed;
  if (values.help) return { name: 'help' };
  const isProof = positionals[0] === 'proof' && positionals.length === 2;
  if (!isProof && positionals.length !== 1)
    throw new UsageError('Name one export folder or https address, or a proof.');
  const options: VerifyOptions = {
    log: positionals.at(-1) ?? '',
    keys: values.key ?? [],
    witnessesFile: values.witnesses ?? null,
    quorum: values.quorum === undefined ? null : count(values.quorum, 'quorum', 0, 64),
    stateFile: values.state ?? null,
    caFile: values.ca ?? null,
    digestsFile: values.digests ?? null,
    terms: termsOf(values.terms),
    threads: values.threads === undefined ? availableParallelism() : count(values.threads, 'threads', 1, THREADS_MAX),
    json: values.json ?? false,
  };
  return isProof
    ? { name: 'proof', file: options.log, recordFile: values.record ?? null, options }
    : { name: 'log', options };
}

function count(value: string, name: string, min: number, max: number): number {
  const number = /^\d{1,4}$/.test(value) ? Number(value) : -1;
  if (number < min || number > max) throw new UsageError(`--${name} is a number from ${min} to ${max}.`);
  return number;
}

function termsOf(value: string | undefined): Record<string, number> {
  if (value === undefined) return {};
  if (!TERMS.test(value)) throw new UsageError('--terms names months by kind: DELIVERY=60,REFUSAL=12.');
  return Object.fromEntries(value.split(',').map((one) => [one.split('=')[0] ?? '', Number(one.split('=')[1])]));
}
