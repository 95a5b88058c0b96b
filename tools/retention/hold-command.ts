import { parseArgs } from 'node:util';
import type { Subcommand } from '../support/subcommand.js';
import { withSession, wrong } from './session.js';

const CASE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const GROUND = /^[A-Z][A-Z0-9_-]{1,39}$/;
const HOLD = `INSERT INTO retention_hold (case_id, until, ground) VALUES ($1, $2, $3)
  ON CONFLICT (case_id) DO UPDATE SET until = excluded.until, ground = excluded.ground`;

export const holdCommand: Subcommand = {
  help: `Usage: npm run retention -- hold --case <id> --until <date> --ground <code>

Keeps the case, its contents and its access records until that day, whatever their term: for a complaint, a restriction
of processing (AVG art. 18) or a court. A request of the resident (M37) holds its case for three months by itself.
A date in the past ends the hold.

  --ground <code>  why, in capitals: AVG-18, COMPLAINT, COURT; never a name`,
  async run(args, env, print) {
    const text = { type: 'string', default: '' } as const;
    const { values } = parseArgs({ args: [...args], options: { case: text, until: text, ground: text } });
    if (!CASE_ID.test(values.case)) throw wrong('--case is not the id of a case', 'Give the case id of the interface.');
    const until = new Date(values.until);
    if (Number.isNaN(until.getTime())) throw wrong('--until is not a date', 'Use 2027-01-31.');
    if (!GROUND.test(values.ground)) throw wrong('--ground is not a code', 'Use capitals, digits and dashes.');
    await withSession(env, new Date(), async ({ client }) => {
      await client.query(HOLD, [values.case, until, values.ground]).catch((error: { code?: string }) => {
        if (error.code === '23503') throw wrong('There is no such case', 'Look the case id up in the interface.');
        throw error;
      });
    });
    print(`Case ${values.case} is kept until ${until.toISOString()}.`);
    return 0;
  },
};
