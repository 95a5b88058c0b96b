import { relative } from 'node:path';
import type { DemoPaths } from './paths.js';
import { adapterSecretFile } from './steps/addresses.js';
import { describeLog, type LogStanding } from './log-standing.js';
import type { DemoFile } from './steps/demo-file.js';

/** What one can do with a running demo: addresses, and a line to send a first message with. */
export function welcome(paths: DemoPaths, demo: DemoFile, log: LogStanding | null): string {
  const municipality = demo.peers.find((peer) => peer.kind === 'MUNICIPALITY')!;
  const secret = relative(process.cwd(), adapterSecretFile(paths, municipality.name));
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' }).format(new Date());
  const application = {
    contract: 'M01',
    data: {
      pilot: municipality.pilot,
      v_number: '0000HHMMSS',
      family_name: 'Zelfgemaakt',
      given_names: 'Proef',
      birth_date: '1990',
      sex: 'unknown',
      nationalities: ['0000'],
      origin: 'STREET',
      regional_tie: { kind: 'REGISTERED', evidence: 'REGISTER' },
      applied_on: today,
    },
  };
  return [
    `  gateway     ${demo.gateway.url}   (client certificates: ${relative(process.cwd(), paths.pki)}/)`,
    `  public      ${demo.gateway.publicUrl}/v1/openapi.json`,
    `  management  ${demo.gateway.managementUrl}`,
    `  Kafka       ${demo.kafka ? demo.kafka.brokers.join(', ') : 'none: agencies read their inbox'}`,
    `  access log  ${demo.log.publicUrl}/checkpoint${log ? `   (${describeLog(log, demo.peers.length)})` : ''}`,
    `  all details ${relative(process.cwd(), paths.demoFile)}`,
    '',
    '  Register someone yourself, as the case system of Amsterdam would:',
    `  curl -s ${municipality.adapterUrl}/messages -H 'Content-Type: application/json' \\`,
    `    -H "Authorization: Bearer $(cat ${secret})" -H 'User-Reference: medewerker-01' \\`,
    // Another invented number at each try: the same person cannot apply twice.
    `    -d '${JSON.stringify(application).replace('HHMMSS', `'$(date +%H%M%S)'`)}'`,
    '',
  ].join('\n');
}
