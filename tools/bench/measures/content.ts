import pg from 'pg';
import { tlsOf } from '../../load/agency-client.js';
import { peerNamed } from '../../load/messages.js';
import { PLACE, type Shots } from '../../load/shots.js';
import { MUNICIPALITIES } from '../aim.js';
import { type BenchContext, EMPTY, type MeasureRun } from '../context.js';
import { inTurn } from '../in-turn.js';
import { LARGE_BYTES, prepareSite, type Site, SMALL_BYTES } from '../site.js';

const MESSAGES = { small: 2_000, large: 200 } as const;
const AT_ONCE = 64;
/** Ids of messages to each municipality, the latest first. */
const OF_RECIPIENT = `SELECT message_id AS id FROM ketenpoort.delivery WHERE recipient_oin = $1 AND family = 'dossier-part'
  ORDER BY accepted_at DESC LIMIT $2`;

/** Reading content: the decision, the decryption, the projection and the record of each. */
export const measureContent: MeasureRun = async (context) => {
  const [workers = 1] = context.options.workers;
  const site = await prepareSite(context, 'content', { workers });
  const targets = [];
  for (const [name, bytes, count] of [
    ['read content, 1 kB', SMALL_BYTES, MESSAGES.small],
    ['read content, largest M08', LARGE_BYTES, MESSAGES.large],
  ] as const) {
    const ids = await deliver(context, site, bytes, count);
    targets.push(site.target(name, () => Promise.resolve(readingShots(context, site, ids))));
  }
  const loads = await inTurn(context, targets);
  await site.gateway.stop();
  return { ...EMPTY, measure: 'content', loads };
};

/** Sends at least so many dossier parts; their ids in the order in which the municipalities take turns. */
async function deliver(
  { generator }: BenchContext,
  site: Site,
  bytes: number,
  count: number,
): Promise<readonly string[]> {
  await generator.aim(await site.dossiers('', bytes).shots(count));
  let sent = 0;
  while (sent < count) ({ sent } = await generator.closed(AT_ONCE, 0.5));
  const client = new pg.Client({ connectionString: site.database.ownerUrl });
  await client.connect();
  try {
    const each = Math.floor(count / MUNICIPALITIES.length);
    const lists: (readonly string[])[] = [];
    for (const name of MUNICIPALITIES) {
      const { rows } = await client.query<{ id: string }>(OF_RECIPIENT, [peerNamed(name).oin, each]);
      lists.push(rows.map(({ id }) => id));
    }
    const length = Math.min(...lists.map((list) => list.length));
    return Array.from({ length }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1))).flat();
  } finally {
    await client.end();
  }
}

function readingShots({ bed, options }: BenchContext, { gateway }: Site, ids: readonly string[]): Shots {
  return {
    url: gateway.url,
    method: 'GET',
    path: `/v1/messages/${PLACE.caseId}/content`,
    headers: { 'purpose-of-use': 'P03' },
    expect: 200,
    senders: MUNICIPALITIES.map((name) => ({ tls: tlsOf(bed.credentials.pki, name), template: '' })),
    connections: options.connections,
    cases: { ids, vNumbers: [] },
    again: true,
  };
}
