import { hostname } from 'node:os';
import { parseArgs } from 'node:util';

export const WITNESS_HELP = `Usage: npm run witness -- --listen <address>:<port> --state <folder> --log-key <file> [--log-key <file> ...]

A witness for the log of a gateway, or any other log of the C2SP formats: it answers POST /add-checkpoint (C2SP
tlog-witness) with its cosignature when the checkpoint extends the last one that it cosigned, and never otherwise. Run it
where the operator of the gateway has no say.

  --listen    where to listen, plain HTTP: keep it on 127.0.0.1 behind a server that does TLS
  --state     folder with its key and with what it has cosigned (made on the first run, mode 0700). Back up the key, and
              never run two witnesses on copies of one state
  --log-key   file with verifier keys of logs, one a line, as from /v1/log/key of a gateway. A log without a key here is
              not witnessed; a new epoch of a log is another log
  --name      key name of the witness on its first run (default: <host name>/ketenpoort-witness); it stays

Prints its verifier key: give it to the operator of the log, who registers it with the address of this witness
(npm run register, section witnesses). Stops on SIGTERM.
`;

export interface WitnessOptions {
  readonly host: string;
  readonly port: number;
  readonly state: string;
  readonly logKeyFiles: readonly string[];
  readonly name: string;
}

/** Says what is wrong with the command line, or the surroundings. */
export class WitnessUsageError extends Error {
  override readonly name = 'WitnessUsageError';
}

/** Throws WitnessUsageError. */
export function readWitnessOptions(args: readonly string[]): WitnessOptions | 'help' {
  const text = { type: 'string' } as const;
  const options = {
    listen: text,
    state: text,
    name: text,
    'log-key': { type: 'string', multiple: true },
    help: { type: 'boolean' },
  } as const;
  const values = attempt(() => parseArgs({ args: [...args], options }).values);
  if (values.help) return 'help';
  const {
    listen,
    state,
    'log-key': logKeyFiles = [],
    name = `${hostname().toLowerCase()}/ketenpoort-witness`,
  } = values;
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(listen ?? '') ?? [];
  if (host === undefined || Number(port) > 65_535) throw new WitnessUsageError('--listen must be <address>:<port>.');
  if (!state) throw new WitnessUsageError('--state is missing.');
  if (logKeyFiles.length === 0)
    throw new WitnessUsageError('--log-key is missing: without it there is nothing to witness.');
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port), state, logKeyFiles, name };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new WitnessUsageError((error as Error).message);
  }
}
