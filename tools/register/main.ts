import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { applyRegister } from './apply-register.js';
import type { RegisterDocument } from './register-document.js';

const HELP = `Usage: npm run register -- apply <file.json> [<file.json> ...]

Registers peers, certificates, officers, pilots, capacities, covenants, local policies, witnesses of the log and route bases. Applying a file
again changes nothing; what a file does not name stays as it is. To end something, give it "active": false or a
"validTo". A new pilot is a row here, not a change of the program.

Environment:
  DATABASE_OWNER_URL  postgresql://ketenpoort_owner:<password>@<host>:<port>/<database>

Sections: peers, officers, pilots, municipalities, capacities, covenants, policies, witnesses, routeBases. Certificates are given by "thumbprint"
(SHA-256 of the DER, lowercase hex) or by "file" (relative to the first document). All files are one transaction. Example:

  {"peers": [{"oin": "00000099000000000106", "name": "Gemeente Delft (proef)", "kind": "MUNICIPALITY", "pilot": "DEL",
              "certificates": [{"file": "del.crt"}]}],
   "pilots": [{"code": "DEL", "name": "Delft", "municipalityOin": "00000099000000000106", "municipalityCode": "0503"}]}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [verb, ...files] = positionals;
  const url = process.env.DATABASE_OWNER_URL;
  if (verb !== 'apply' || files.length === 0) {
    console.error('Say what to apply: npm run register -- apply <file.json>. See --help.');
    return 2;
  }
  if (!url) {
    console.error('DATABASE_OWNER_URL is not set. Give the address of the database as its owner; see --help.');
    return 2;
  }
  const documents = await Promise.all(
    // Checked by applyRegister.
    files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as RegisterDocument),
  );
  const changes = await applyRegister(url, documents, dirname(files[0] ?? '.'));
  const changed = Object.entries(changes).filter(([, count]) => count > 0);
  console.log(changed.map(([table, count]) => `${table} ${count}`).join(', ') || 'nothing to change');
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`Not applied: ${(error as Error).message}`);
  process.exitCode = 1;
}
