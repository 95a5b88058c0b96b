import { parseArgs } from 'node:util';
import { FAULTS } from './catalogue.js';

export interface Options {
  /** How long faults are made; setting up, draining and counting come on top. */
  readonly minutes: number;
  /** Some of the faults, short ones, in about a minute. */
  readonly quick: boolean;
  /** Names of the only faults to make; empty: all. */
  readonly only: readonly string[];
  readonly seed: number;
  /** Goes on sending until so many are accepted. */
  readonly messages: number;
  readonly json: boolean;
  /** Keeps books and logs also when all is well. */
  readonly keep: boolean;
}

const MAX_MINUTES = 600;
const MAX_SEED = 2 ** 31;
const MAX_MESSAGES = 10_000_000;
const LONG_MINUTES = 60;
const LONG_MESSAGES = 100_000;

export const USAGE = `npm run faults -- [options]

Sends real messages through the whole chain while processes are killed and frozen, ways cut, a disk filled and clocks
moved; then counts what is lost, doubled, out of order or unrecorded. Everything runs on this machine and is thrown away.

  --minutes N     how long faults are made, 1..${MAX_MINUTES} (default 10; from ${LONG_MINUTES} on each at least three times)
  --quick         a minute of short faults, one of each kind
  --only A,B      these faults alone, over and over
  --seed N        another order and other victims (default: drawn, and printed)
  --messages N    goes on until so many are accepted (default: ${LONG_MESSAGES.toLocaleString('en')} from ${LONG_MINUTES} minutes on)
  --json          the result as one JSON object
  --keep          keeps books and logs also when nothing was found
  --help          this text

Faults: ${FAULTS.map(({ name }) => name).join(', ')}

Exit code: 0 all counts are 0; 1 something was found, or under CI a fault could not be made; 2 a wrong option.
`;

/** Reads the command line. Throws an error that names the option. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      seed: { type: 'string' },
      messages: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const minutes = whole('--minutes', values.minutes, 1, MAX_MINUTES) ?? (values.quick ? 1 : 10);
  const only = (values.only ?? '').split(',').filter(Boolean);
  const unknown = only.find((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown !== undefined) throw new Error(`--only names ${unknown}, which is no fault; see --help`);
  return {
    minutes,
    quick: values.quick,
    only,
    seed: whole('--seed', values.seed, 0, MAX_SEED) ?? Math.floor(Math.random() * MAX_SEED),
    messages: whole('--messages', values.messages, 0, MAX_MESSAGES) ?? (minutes >= LONG_MINUTES ? LONG_MESSAGES : 0),
    json: values.json,
    keep: values.keep,
  };
}

function whole(name: string, text: string | undefined, min: number, max: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new Error(`${name} must be a whole number ${min}..${max}`);
  return value;
}
