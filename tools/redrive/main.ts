import 'reflect-metadata';
import { userInfo } from 'node:os';
import { recordTerms } from '../../apps/gateway/src/retention/terms.js';
import { policyInForce } from '../support/policy-in-force.js';
import { redriveCommand } from './redrive-command.js';

try {
  process.exitCode = await redriveCommand(
    process.argv.slice(2),
    {
      databaseUrl: process.env.DATABASE_URL,
      operator: userInfo().username,
      terms: recordTerms(policyInForce(process.env, new Date())),
    },
    (line) => console.log(line),
  );
} catch (error) {
  console.error(`Nothing more was changed: ${error instanceof Error ? error.message : 'unknown error'}`);
  process.exitCode = 1;
}
