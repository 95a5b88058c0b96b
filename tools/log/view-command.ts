import { parseArgs } from 'node:util';
import { decisionEntry } from '../../apps/gateway/src/audit/views/adl.js';
import { auditLine } from '../../apps/gateway/src/audit/views/bio2.js';
import { processingSpans } from '../../apps/gateway/src/audit/views/ldv.js';
import { readRecord, type PlainRecord } from '../../apps/gateway/src/audit/search/plain-record.js';
import { isOin } from '#identity/oin.js';
import type { LogCommand } from './log-command.js';
import { withReader } from './read-connection.js';

const HELP = `Usage: npm run log -- view <ldv|adl|bio2> --from <instant> --to <instant> [--organisation <oin>]

Prints the records of a period in the words of a standard, one JSON object a line, oldest first:
  ldv   Logboek Dataverwerkingen: one span for each processing of a person, no employees
  adl   Authorization Decision Log: one entry for each decision, permit or deny
  bio2  audit lines (BIO2 8.15.01), with who acted; needs --organisation, whose own acts these are

  --from, --to          instants (RFC 3339); to is exclusive
  --organisation <oin>  what this organisation did and nobody else

Environment:
  DATABASE_URL  postgresql://ketenpoort_reader:<password>@<host>:<port>/<database>`;

const VIEWS: Readonly<Record<string, (record: PlainRecord) => readonly object[]>> = {
  ldv: processingSpans,
  adl: (record) => [decisionEntry(record)].filter((entry) => entry !== null),
  bio2: (record) => [auditLine(record)],
};
const PAGE = 1_000;
const READ = `SELECT id, at, canonical FROM ketenpoort.access_record
  WHERE at >= $1 AND at < $2 AND (at, id) > ($3, $4) AND ($5::text IS NULL OR peer_oin = $5) ORDER BY at, id LIMIT ${PAGE}`;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

interface ViewOptions {
  readonly view: (record: PlainRecord) => readonly object[];
  readonly from: Date;
  readonly to: Date;
  readonly organisation: string | null;
  readonly url: string;
}

export const VIEW: LogCommand = {
  summary: 'prints records as Logboek Dataverwerkingen, Authorization Decision Log or BIO2 lines',
  async run(args, { env }, print) {
    const options = readOptions(args, env);
    if (typeof options === 'string') {
      print(options);
      return options === HELP ? 0 : 2;
    }
    const { view, from, to, organisation, url } = options;
    await withReader(url, async (client) => {
      let after: readonly [Date, string] = [from, BEFORE_ALL];
      for (;;) {
        const values = [from, to, ...after, organisation];
        const { rows } = await client.query<{ id: string; at: Date; canonical: Buffer }>(READ, values);
        for (const { canonical } of rows) for (const line of view(readRecord(canonical))) print(JSON.stringify(line));
        const last = rows.at(-1);
        if (!last || rows.length < PAGE) return;
        after = [last.at, last.id];
      }
    });
    return 0;
  },
};

function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): ViewOptions | string {
  const text = { type: 'string' } as const;
  const options = { from: text, to: text, organisation: text, help: { type: 'boolean', default: false } } as const;
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = parsed;
  const [name = ''] = positionals;
  const view = VIEWS[name];
  if (values.help || args.length === 0) return HELP;
  if (!view || positionals.length !== 1) return 'Name one view: ldv, adl or bio2. See --help.';
  const [from, to] = [new Date(values.from ?? ''), new Date(values.to ?? '')];
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || from >= to)
    return '--from and --to are instants, the second one later. See --help.';
  const { organisation = null } = values;
  if (organisation !== null && !isOin(organisation)) return '--organisation is no OIN.';
  if (name === 'bio2' && organisation === null)
    return 'bio2 shows who acted, so it is made for one organisation: add --organisation <oin>.';
  if (!env.DATABASE_URL) return 'DATABASE_URL is not set. See --help.';
  return { view, from, to, organisation, url: env.DATABASE_URL };
}
