import type { PurposeCode } from '#contracts/domain.js';
import type { ProcessingActivity } from './activity.js';
import type { Policy } from './policy.js';

/** The activity to which a look into a case (case, dossier, timeline, search) for this purpose belongs. */
export function activityOfConsultation(policy: Policy, purpose: PurposeCode): ProcessingActivity {
  const activity = Object.values(policy.activities).find(({ consultations }) => consultations.includes(purpose));
  if (!activity) throw new Error(`the loader let a policy pass without an activity for ${purpose}`);
  return activity;
}
