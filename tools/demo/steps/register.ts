import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRegister } from '../../../apps/gateway/src/cases/register.js';
import type { DemoPki } from '../../pki/demo-pki.js';
import { applyRegister } from '../../register/apply-register.js';
import type { RegisterDocument } from '../../register/register-document.js';
import type { DemoPaths } from '../paths.js';
import { OFFICERS, ROSTER } from '../roster.js';

/** Registers the demo's peers and officers, then pilots, covenants and local policies; repeating changes nothing. */
export async function loadRegister(paths: DemoPaths, ownerUrl: string, pki: DemoPki): Promise<void> {
  await applyRegister(ownerUrl, rosterDocument(pki));
  const folder = join(paths.root, 'apps', 'gateway', 'register');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const documents = files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as unknown);
  await applyRegister(ownerUrl, parseRegister(...(await Promise.all(documents))));
}

function rosterDocument(pki: DemoPki): RegisterDocument {
  const oinOf = new Map(ROSTER.map((peer) => [peer.name, peer.oin]));
  return {
    peers: ROSTER.map(({ name, oin, title, kind, pilot }) => ({
      oin,
      name: title,
      kind,
      ...(pilot === undefined ? {} : { pilot }),
      certificates: [{ thumbprint: pki.thumbprint(name), label: name }],
    })),
    officers: OFFICERS.map(({ name, organisation }) => ({
      name,
      organisationOin: oinOf.get(organisation) ?? '',
      role: 'FG',
      thumbprint: pki.thumbprint(name),
    })),
  };
}
