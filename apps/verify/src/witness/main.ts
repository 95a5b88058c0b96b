import { IdentityError } from '#identity/identity-error.js';
import { formatVerifierKey } from '#ledger/verifier-key.js';
import { openWitnessKey, readLogKeys } from './witness-key.js';
import { readWitnessOptions, WITNESS_HELP, WitnessUsageError, type WitnessOptions } from './witness-options.js';
import { WitnessServer } from './witness-server.js';
import { Witness } from './witness.js';

const STOP_LIMIT_MS = 10_000;

async function start({ host, port, state, logKeyFiles, name }: WitnessOptions): Promise<void> {
  const logs = await readLogKeys(logKeyFiles);
  const signer = await openWitnessKey(state, name);
  const witness = await Witness.open(state, logs, signer);
  const server = new WitnessServer(witness, (line) => console.error(`${new Date().toISOString()} ${line}`));
  const listening = await server.listen(host, port);
  console.log(`witness ready http://${host.includes(':') ? `[${host}]` : host}:${listening}`);
  console.log(`key ${formatVerifierKey(signer.verifier)}`);
  for (const log of logs) console.log(`log ${log.name}`);
  const stop = (): void => {
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    void server.close().then(() => witness.close());
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

try {
  const options = readWitnessOptions(process.argv.slice(2));
  if (options === 'help') console.log(WITNESS_HELP);
  else await start(options);
} catch (error) {
  if (error instanceof WitnessUsageError) console.error(`${error.message} See --help.`);
  else if (error instanceof IdentityError) console.error(`${error.detail} ${error.nextStep}`);
  else console.error(`The witness cannot start: ${error instanceof Error ? error.message : 'unknown error'}`);
  process.exitCode = 2;
}
