import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GatewayConfig } from '../../apps/gateway/src/config.js';
import { warning, wrong } from './outcome.js';

const HOUR_MS = 3_600_000;
const WARN_FREE = 0.15;
const FAIL_FREE = 0.05;
/** A daily backup, and two hours for it to run. */
const BACKUP_MAX_HOURS = 26;

/** Free space where this process writes or reads; that of the database is watched on its own machine. */
export async function disk(config: GatewayConfig): Promise<string> {
  const files = [config.masterKeyFile, config.erasureJournalFile].filter((file) => file !== null);
  const shares = await Promise.all([process.cwd(), ...files.map((file) => dirname(file))].map(freeShare));
  const least = Math.min(...shares);
  const cause = `${Math.round(least * 100)} % of a disk that the gateway uses is free`;
  const nextStep = 'Make room; a full disk refuses work and loses nothing.';
  if (least < FAIL_FREE) throw wrong(cause, nextStep);
  if (least < WARN_FREE) throw warning(cause, nextStep);
  return `${Math.round(least * 100)} % free`;
}

async function freeShare(folder: string): Promise<number> {
  try {
    const { bavail, blocks } = await statfs(folder);
    return blocks === 0 ? 1 : bavail / blocks;
  } catch {
    throw wrong(`The folder ${folder} cannot be read`, 'Check the paths of MASTER_KEY_FILE and ERASURE_JOURNAL_FILE.');
  }
}

/** @param stampFile what the backup job touches when it has ended well (`BACKUP_STAMP_FILE`) */
export async function backup(config: GatewayConfig, stampFile: string | undefined): Promise<string> {
  if (!stampFile) {
    if (config.mode === 'demo') return 'none in a demo';
    const nextStep = 'Have the backup job touch a file when it has ended well, and name it in BACKUP_STAMP_FILE.';
    throw warning('Nobody tells when the last backup was', nextStep);
  }
  const written = await stat(stampFile).catch(() => null);
  const nextStep = 'Look at the backup job; make one now.';
  if (!written) throw wrong(`There was no backup yet (${stampFile} is missing)`, nextStep);
  const hours = Math.round((Date.now() - written.mtimeMs) / HOUR_MS);
  if (hours > BACKUP_MAX_HOURS) throw wrong(`The last backup is ${hours} hours old`, nextStep);
  return `the last one is ${hours} hours old`;
}
