import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settle } from '../bed/postmaster.js';
import { EMPTY, type MeasureRun } from '../context.js';
import { type CpuProfile, sharesOf } from '../profile-shares.js';
import { findSaturation } from '../saturation.js';
import { prepareSite, SMALL_BYTES } from '../site.js';

/** Where the CPU time of one gateway process goes while it accepts as much as it can. */
export const measureProfile: MeasureRun = async (context) => {
  const { bed, options, generator, say } = context;
  const folder = join(bed.paths.state, 'profile');
  await mkdir(folder, { recursive: true });
  const site = await prepareSite(context, 'profile', { workers: 1, profileTo: folder });
  const target = site.dossiers('', SMALL_BYTES);
  await generator.aim(await target.shots(100_000));
  await settle(bed.postgres.superUrl('profile'));
  const { perSecond } = await findSaturation(generator, options);
  await generator.open(perSecond, options.seconds);
  await site.gateway.stop();
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the gateway left no CPU profile');
  const profile = JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile;
  const shares = sharesOf(profile);
  const figures = shares.map(({ group, share }) => ({
    name: `CPU of the gateway: ${group}`,
    unit: '%',
    value: { median: share * 100, min: share * 100, max: share * 100 },
  }));
  for (const { group, share } of shares) say(`profile: ${(share * 100).toFixed(1).padStart(5)} % ${group}`);
  const notes = ['self time of the main thread while it was busy; start and search for saturation are part of it'];
  return { ...EMPTY, measure: 'profile', figures, notes };
};
