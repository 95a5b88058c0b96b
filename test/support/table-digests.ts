import type { World } from './world.js';

/** What any request adds to, or what runs by itself: the log, and the sequencer behind it. */
const LOG_TABLES = [
  'access_record',
  'access_record_subject',
  'pending_leaf',
  'tree_head',
  'leaf',
  'tile',
  'checkpoint',
];

/** Rows and a digest of all of them, by table. Two are equal only when nothing was added, changed or removed. */
export async function tableDigests(
  world: World,
  { withLog }: { readonly withLog: boolean },
): Promise<Readonly<Record<string, string>>> {
  const tables = await world.rows<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'ketenpoort'::regnamespace
       AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
  );
  const counted = withLog ? tables : tables.filter(({ name }) => !LOG_TABLES.includes(name));
  const digest = async (name: string): Promise<readonly [string, string]> => {
    const [row] = await world.rows<{ digest: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') AS digest
       FROM ketenpoort.${name} t`,
    );
    return [name, row?.digest ?? ''];
  };
  return Object.fromEntries(await Promise.all(counted.map(({ name }) => digest(name))));
}
