import { parseArgs } from 'node:util';
import type { RecordTerms } from '../../apps/gateway/src/access-log/access-record.js';
import { recordMaker } from '../../apps/gateway/src/access-log/record-maker.js';
import { MAX_CASES, redrive, type Redriven, type RedriveRequest } from '../../apps/gateway/src/delivery/redrive.js';
import { createDataSource } from '../../apps/gateway/src/storage/data-source.js';
import { poolOf } from '../../apps/gateway/src/storage/pool-of.js';
import { checkDatabaseRights } from '../../apps/gateway/src/storage/rights-check.js';

const HELP = `Usage: npm run redrive -- --recipient <oin> [--case <id>] [--skip] [--apply] [--operator <reference>]

What a recipient could not take is parked, with everything after it in the same case. When the cause is gone, deliver it
again, or go on without it:

  --recipient <oin>       whose parked messages and dead letters
  --case <id>             of this case alone; otherwise the ${MAX_CASES} longest parked
  --skip                  go on without the first message that failed; it stays a dead letter
  --apply                 do it; without this nothing changes and you see what would happen
  --operator <reference>  who decides, as the access log will say; otherwise your account name on this machine

Environment:
  DATABASE_URL  postgresql://<app role>:<password>@<host>:<port>/<database>, as the gateway has it
  POLICY_DIR    likewise, if the gateway has one: its terms hold for the records made here

Each case is one transaction with one ADMIN record. Running it again changes nothing more.`;

const OIN = /^[0-9]{8}[0-9A-Za-z]{12}$/;
const CASE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As the header User-Reference: one token. */
const REFERENCE = /^[\w.:@-]{1,100}$/;

export interface RedriveSurroundings {
  readonly databaseUrl: string | undefined;
  /** Account name, when the command names nobody. */
  readonly operator: string;
  /** How long its records are kept. */
  readonly terms: RecordTerms;
}

/** Exit code: 0 done or nothing to do, 2 not understood or not allowed. @throws when the database does not answer. */
export async function redriveCommand(
  args: readonly string[],
  surroundings: RedriveSurroundings,
  print: (line: string) => void,
): Promise<number> {
  const request = read(args, surroundings.operator);
  if (request === 'help') {
    print(HELP);
    return 0;
  }
  const url = surroundings.databaseUrl;
  if (typeof request === 'string' || !url) {
    print(`${typeof request === 'string' ? request : 'DATABASE_URL is not set.'} See --help.`);
    return 2;
  }
  const dataSource = createDataSource(url, { poolSize: 2, applicationName: 'ketenpoort-redrive' });
  await dataSource.initialize();
  try {
    const problems = await checkDatabaseRights(dataSource);
    for (const { cause, nextStep } of problems) print(`${cause}. Next step: ${nextStep}`);
    if (problems.length > 0) return 2;
    const makeRecord = recordMaker(() => surroundings.terms);
    const { held, more } = await redrive(poolOf(dataSource), makeRecord, request);
    for (const one of held) print(line(one, request));
    print(summary(held, more, request));
    return 0;
  } finally {
    await dataSource.destroy();
  }
}

function read(args: readonly string[], account: string): RedriveRequest | string {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = { recipient: text, case: text, operator: text, skip: flag, apply: flag, help: flag };
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    return (error as Error).message;
  }
  if (values.help) return 'help';
  const { recipient, case: caseId, skip, apply } = values;
  const operator = values.operator ?? account;
  if (recipient === undefined || !OIN.test(recipient)) return '--recipient needs the OIN of an organisation.';
  if (caseId !== undefined && !CASE_ID.test(caseId)) return '--case is not the id of a case.';
  if (!REFERENCE.test(operator)) return '--operator is one token of at most 100 characters.';
  return { recipientOin: recipient, ...(caseId === undefined ? {} : { caseId }), skip, apply, operator };
}

function line({ caseId, failed, released }: Redriven, { skip }: RedriveRequest): string {
  const what = failed.map((one) => `${one.contract} ${one.messageId} ${one.failureCode} (tried ${one.failures}x)`);
  const verb = skip ? 'skipped' : 'failed';
  return `${caseId ?? 'no case'}: ${verb} ${what.join(', ') || 'none'}; ${released} outstanding again`;
}

function summary(held: readonly Redriven[], more: boolean, { apply }: RedriveRequest): string {
  if (held.length === 0) return 'Nothing is parked.';
  const rest = more ? ` More than ${MAX_CASES} are parked: look at the cause, then run this again.` : '';
  return apply
    ? `${held.length} released and recorded.${rest}`
    : `${held.length} would be released. Nothing was changed; add --apply.${rest}`;
}
