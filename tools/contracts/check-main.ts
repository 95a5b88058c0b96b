import { CONTRACTS } from '#contracts/catalogue.js';
import { contractProblems } from './check.js';
import { examplesOf } from './contract-files.js';

/** `npm run contracts:check`: prints a line a contract, then what is wrong; exit 1 on any gap. */
const problems = await contractProblems();
for (const contract of CONTRACTS) {
  const examples = examplesOf(contract);
  console.log(
    `${contract.id}  ${contract.type.padEnd(42)} ${examples.filter((one) => one.valid).length} valid, ${examples.filter((one) => !one.valid).length} invalid examples`,
  );
}
for (const problem of problems) console.error(`- ${problem}`);
console.log(problems.length === 0 ? `${CONTRACTS.length} contracts, no gaps` : `${problems.length} gaps`);
process.exit(problems.length === 0 ? 0 : 1);
