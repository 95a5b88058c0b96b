import { CONTRACTS } from '#contracts/catalogue.js';
import { propertyRules } from '#contracts/property-rules.js';
import { toRanges, type Erasure } from './erasure.js';
import { isHeld } from './held.js';
import { recordErasure, transaction, type RetentionSession } from './retention-session.js';
import { startOrNever } from './term-start.js';

/** Contents of one transaction. */
export const CONTENTS_A_BATCH = 1_000;

interface Done {
  readonly messageId: string;
  readonly epoch: number;
  readonly position: string;
}

/** What is part of a dossier is kept with its case. */
export const KEPT_WITH_CASE = CONTRACTS.filter(({ family }) => family === 'dossier-part').map(({ id }) => id);
/** What may hold data of the police (FG16): of those the whole message goes by their term (Wpg art. 8(6)). */
export const OF_POLICE = CONTRACTS.map(({ id }) => id).filter((id) =>
  propertyRules(id).some(({ group }) => group === 'FG16'),
);

const OF_MESSAGE = 'd.message_id = m.id AND d.accepted_at = m.accepted_at';
/**
 * Content that every recipient is done with: it has been taken, withdrawn, or given up by an operator, for as long as the
 * term. `expiresat` ends the term sooner, but takes nothing from a recipient who has not had it (G3): what is outstanding
 * is never erased. Data of the police alone goes by the law, whoever has it and whatever became of its case. `$1` now, `$2`
 * now minus the term, `$3` contracts that are kept with their case, `$4` those of the police, `$5` now minus their term.
 */
export const DONE_CONTENTS = `content c JOIN message m ON m.id = c.message_id JOIN leaf l ON l.record_id = m.record_id
  WHERE (m.contract = ANY ($4::text[]) AND m.accepted_at < $5::timestamptz OR m.contract <> ALL ($3::text[])
      AND NOT EXISTS (SELECT 1 FROM delivery d WHERE ${OF_MESSAGE} AND d.state IN ('OUTSTANDING', 'FETCHED', 'PARKED', 'DEAD') AND d.skipped_at IS NULL)
      AND (m.expires_at < $1::timestamptz OR $2::timestamptz > greatest(m.accepted_at, m.withdrawn_at,
        (SELECT max(greatest(d.taken_at, d.skipped_at)) FROM delivery d WHERE ${OF_MESSAGE}))))
    AND NOT ${isHeld('m.case_id', '$1::timestamptz')}`;
const PICK = `SELECT c.message_id AS "messageId", l.epoch, l.position FROM ${DONE_CONTENTS}
  AND c.message_id > $6 ORDER BY c.message_id LIMIT $7`;
const REMOVE = 'DELETE FROM content WHERE message_id = ANY ($1::uuid[])';
const PURGE = `UPDATE delivery SET state = 'PURGED' WHERE message_id = ANY ($1::uuid[]) AND state <> 'PURGED'`;

export const START = '00000000-0000-0000-0000-000000000000';

/** The values of `$1` to `$5` of DONE_CONTENTS. */
export function doneBefore({ policy, now }: Pick<RetentionSession, 'policy' | 'now'>): unknown[] {
  const before = (code: 'NOTIFICATION_CONTENT' | 'POLICE_DATA') => startOrNever(policy, code, now);
  return [now, before('NOTIFICATION_CONTENT'), KEPT_WITH_CASE, OF_POLICE, before('POLICE_DATA')];
}

/**
 * Removes one batch of contents of messages, each with the wrapped key of its own; their deliveries keep their numbers as
 * tombstones. `after`: where the batch before ended, so that a run looks at each content once.
 */
export function eraseDoneContents(
  session: RetentionSession,
  limit: number,
  after: string,
): Promise<{ readonly erasure: Erasure; readonly last: string } | null> {
  const { client } = session;
  return transaction(client, async () => {
    const { rows } = await client.query<Done>(PICK, [...doneBefore(session), after, Math.min(limit, CONTENTS_A_BATCH)]);
    const [first] = rows;
    if (!first) return null;
    const batch = rows.filter(({ epoch }) => epoch === first.epoch);
    const ids = batch.map(({ messageId }) => messageId);
    await removeContents(session, ids);
    const erasure = await recordErasure(session, {
      what: 'NOTIFICATIONS',
      epoch: first.epoch,
      ranges: toRanges(batch.map(({ position }) => Number(position))),
      count: ids.length,
      replays: [],
    });
    // With another epoch among them the next batch looks again from the same place.
    return { erasure, last: batch.length === rows.length ? (ids.at(-1) ?? after) : after };
  });
}

export async function removeContents({ client }: RetentionSession, messageIds: readonly string[]): Promise<void> {
  await client.query(REMOVE, [messageIds]);
  await client.query(PURGE, [messageIds]);
}
