import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type pg from 'pg';
import type { AboutExport } from '../../apps/verify/src/export-layout.js';
import { ProgressBar } from '../../apps/verify/src/progress-bar.js';
import { exportLog } from './export-log.js';
import { ExportResume, isEmpty, readStarted, writeStarted } from './export-resume.js';
import { readPending } from './export-rows.js';
import { ExportWriter } from './export-writer.js';
import type { LogCommand } from './log-command.js';
import { withReader } from './read-connection.js';

const HELP = `Usage: npm run log -- export --out <folder> [options]

Writes the log as it stands now: checkpoint, key, tiles and entries as C2SP tlog-tiles has them, which foreign tools can
verify too, and beside them every record with its salt and columns, which npm run verify checks.

  --out <folder>        a new folder; closed to other accounts, because the records are personal data
  --without-records     only what is public: no records, no columns
  --resume              go on with a folder that an earlier run left, or bring it up to date. What it has of whole
                        bundles is kept: to see whether the database was changed, export to a new folder
  --database-url <url>  instead of the environment

Environment:
  DATABASE_URL  postgresql://ketenpoort_reader:<password>@<host>:<port>/<database>`;

/** An ERASURE record is in the log a second after what it erased is gone; a gateway that stands still needs a look. */
const ERASURE_WAIT_MS = 20_000;
const ERASURE_POLL_MS = 250;
const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

interface ExportOptions {
  readonly folder: string;
  readonly withRecords: boolean;
  readonly resume: boolean;
  readonly url: string;
}

export const EXPORT: LogCommand = {
  summary: 'writes the log, with or without its records, to a folder that anyone can verify',
  async run(args, { env }, print) {
    const options = readOptions(args, env);
    if (typeof options === 'string') {
      print(options);
      return options === HELP ? 0 : 2;
    }
    const { folder, withRecords, resume, url } = options;
    const started = readStarted(folder);
    const problem = folderProblem(options, started);
    if (problem !== null) {
      print(problem);
      return 2;
    }
    const bar = new ProgressBar('Exporting', 'entries', process.stderr);
    const about = await withReader(url, async (client) => {
      if (!(await openSnapshot(client)))
        print('Note: an erasure is not in the log yet; its records will be named as gone.');
      const writer = new ExportWriter(folder, withRecords);
      await writer.open();
      const left = resume && started ? await ExportResume.after(folder, started, client) : ExportResume.none(folder);
      await writeStarted(folder, started ?? { at: new Date().toISOString(), withRecords });
      const progress = { onStart: (all: number) => bar.expect(all), onLeaves: (count: number) => bar.advance(count) };
      return exportLog(client, { writer, resume: left, withRecords, ...progress });
    });
    bar.done();
    for (const line of summary(about, folder)) print(line);
    return 0;
  },
};

function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): ExportOptions | string {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = { out: text, 'database-url': text, 'without-records': flag, resume: flag, help: flag };
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    return (error as Error).message;
  }
  if (values.help) return HELP;
  const url = values['database-url'] ?? env.DATABASE_URL;
  if (values.out === undefined) return '--out names the folder. See --help.';
  if (url === undefined || url === '') return 'DATABASE_URL is not set. See --help.';
  return { folder: resolve(values.out), withRecords: !values['without-records'], resume: values.resume, url };
}

function folderProblem(
  { folder, withRecords, resume }: ExportOptions,
  started: ReturnType<typeof readStarted>,
): string | null {
  if (isEmpty(folder)) return null;
  if (!resume) return `${folder} is not empty. Name a new folder, or add --resume.`;
  if (!started) return `${folder} holds no export to go on with.`;
  return started.withRecords === withRecords
    ? null
    : `The export in ${folder} was begun with${withRecords ? 'out' : ''} records.`;
}

/** A snapshot in which every erasure that shows has its ERASURE record in the log; false when that does not come. */
async function openSnapshot(client: pg.Client): Promise<boolean> {
  for (const end = Date.now() + ERASURE_WAIT_MS; ; await sleep(ERASURE_POLL_MS)) {
    await client.query(SNAPSHOT);
    const { erasures } = await readPending(client);
    if (erasures === 0) return true;
    if (Date.now() > end) return false;
    await client.query('ROLLBACK');
  }
}

function* summary({ epochs, withRecords, pending }: AboutExport, folder: string): Generator<string> {
  for (const { epoch, origin, size } of epochs)
    yield `Epoch ${epoch}, ${origin}: ${size.toLocaleString('en')} entries.`;
  if (pending > 0) yield `${pending} records were on their way into the log and are not in the export.`;
  if (withRecords) {
    yield `${folder} holds every record and its salt. These are personal data: keep it closed, and remove it when you have verified.`;
  }
  yield `Verify it with: npm run verify -- ${folder}`;
}
