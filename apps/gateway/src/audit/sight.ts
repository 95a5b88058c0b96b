import type { PeerKind } from '#contracts/domain.js';
import type { ProcessingActivity } from '../policy/activity.js';
import type { Policy } from '../policy/policy.js';
import type { PlainRecord } from './search/plain-record.js';

/** What an officer may see. A record is visible when it concerns the organisation and no confidential activity hides it. */
export interface Sight {
  /** OIN of the officer's organisation. */
  readonly oin: string;
  /** Confidential processing activities (URIs) of which the organisation is no controller. */
  readonly hidden: readonly string[];
  /** Running grant of a national view under which all organisations' records show; null: only one's own. */
  readonly grantId: string | null;
}

/** The columns that decide about it; derived from the bytes of the record by the database. */
export interface SightColumns {
  /** OINs of requester, source, coordinating municipality and recipients; null when nobody is concerned. */
  readonly concerns: readonly string[] | null;
  readonly processingActivity: string | null;
}

export function isVisible(sight: Sight, { concerns, processingActivity }: SightColumns): boolean {
  if (processingActivity !== null && sight.hidden.includes(processingActivity)) return false;
  return sight.grantId !== null || (concerns ?? []).includes(sight.oin);
}

/** Confidential activities (URIs) of which an organisation of this kind is no controller. */
export function hiddenActivities(versions: readonly Policy[], kind: PeerKind): readonly string[] {
  return confidentialActivities(versions)
    .filter((one) => !one.controllers.includes(kind))
    .map(({ uri }) => uri);
}

/** A look at a record of a confidential activity belongs to that activity: it would tell what the record may not. */
export function isConfidential(versions: readonly Policy[], uri: string | null | undefined): uri is string {
  return confidentialActivities(versions).some((one) => one.uri === uri);
}

/**
 * The activity to which a search belongs when others must not learn of it: that of the first confidential record among
 * its answers; else one that only the organisations of this kind have. Whom the police looked for says what it does.
 */
export function activityOfSearch(
  versions: readonly Policy[],
  kind: PeerKind,
  found: readonly Pick<PlainRecord, 'processingActivity'>[],
): { readonly processingActivity?: string } {
  const confidential = confidentialActivities(versions);
  const uris = confidential.map(({ uri }) => uri);
  const shown = found.find((record) => uris.some((uri) => uri === record.processingActivity))?.processingActivity;
  const own = confidential.find(({ controllers }) => controllers.every((one) => one === kind))?.uri;
  const processingActivity = shown ?? own;
  return processingActivity === undefined ? {} : { processingActivity };
}

/** The newest version that names an activity speaks for it. */
function confidentialActivities(versions: readonly Policy[]): readonly ProcessingActivity[] {
  const activities = versions.flatMap((policy) => Object.values(policy.activities));
  const newest = [...new Map(activities.map((one) => [one.uri, one])).values()];
  return newest.filter((one) => one.confidential);
}
