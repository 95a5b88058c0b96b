import { parseArgs } from 'node:util';
import { MAX_RESIDENTS, SEEDS } from '../../apps/agencies/src/population/population.js';

const BROKER_CHOICES = ['kafka', 'none', 'auto'] as const;

export interface DemoOptions {
  /** Play the cases through, say what came of it, stop everything. */
  readonly once: boolean;
  readonly broker: (typeof BROKER_CHOICES)[number];
  /** Null: 25, or as many as the run has that is taken up again. */
  readonly residents: number | null;
  /** Null: the run that is found, or the next one; see chooseRun. */
  readonly seed: number | null;
  /** The last line as one JSON object. */
  readonly json: boolean;
  /** One process per adapter and per agency system. */
  readonly separate: boolean;
  /** Folder of the state instead of `.ketenpoort`; null: that one. */
  readonly state: string | null;
}

export const USAGE = `npm run demo -- [options]

  --once             play the cases through, print the counts, stop everything
  --broker=WHICH     kafka: fail without a broker; none: inbox alone; auto (default): a broker if there can be one
  --residents=N      residents with a stay, 1..${MAX_RESIDENTS} (default 25)
  --seed=N           which invented population, 0..${SEEDS - 1} (default 1; with --once the next one not yet played)
  --json             last line as one JSON object
  --separate         one process per adapter and per agency system
  --state=FOLDER     where the data is kept (default .ketenpoort)
  --help             this text

KAFKA_BROKERS=host:port,...  uses a broker that already runs (mutual TLS, certificates of the demo)
TRACES_ENDPOINT=http://127.0.0.1:4318  sends technical traces there, say to a Jaeger
TRACES_SAMPLE_RATIO=1                  all of them, not one in ten
OTLP_ENDPOINT=http://127.0.0.1:4318    sends the standard views of the access log there
`;

/** Reads the command line. Answers `help` when asked for it; throws an error that names the option. */
export function readOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      broker: { type: 'string', default: 'auto' },
      residents: { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      separate: { type: 'boolean', default: false },
      state: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const broker = BROKER_CHOICES.find((choice) => choice === values.broker);
  if (!broker) throw new Error(`--broker must be one of ${BROKER_CHOICES.join(', ')}`);
  return {
    once: values.once,
    broker,
    residents: whole('--residents', values.residents, 1, MAX_RESIDENTS),
    seed: whole('--seed', values.seed, 0, SEEDS - 1),
    json: values.json,
    separate: values.separate,
    state: values.state ?? null,
  };
}

function whole(name: string, text: string | undefined, min: number, max: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new Error(`${name} must be a whole number ${min}..${max}`);
  return value;
}
