import { HELP } from './help.js';
import { SourceError } from './log-source.js';
import { readCommand, UsageError } from './options.js';
import { proofAsText, reportAsJson, reportAsText } from './print-report.js';
import { verifyLog } from './verify-log.js';
import { verifyProof } from './verify-proof.js';

/** Exit code: 0 nothing found, 1 something found, 2 could not be checked. */
async function run(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  if (command.name === 'help') {
    console.log(HELP);
    return 0;
  }
  if (command.name === 'proof') {
    const proven = verifyProof(command.file, command.recordFile, command.options);
    console.log(command.options.json ? JSON.stringify(proven, null, 2) : proofAsText(proven));
    return proven.findings.length === 0 ? 0 : 1;
  }
  const report = await verifyLog(command.options, process.stderr);
  console.log(command.options.json ? reportAsJson(report) : reportAsText(report));
  return report.findings.total === 0 ? 0 : 1;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) console.error(`${error.message} See --help.`);
  else if (error instanceof SourceError) console.error(`The log could not be checked: ${error.message}`);
  else console.error(error);
  process.exitCode = 2;
}
