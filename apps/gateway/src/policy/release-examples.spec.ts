import { describe, expect, it } from '@jest/globals';
import { contractById } from '#contracts/catalogue.js';
import { contractExamples } from '#contracts/contract-documents.js';
import type { ContractId } from '#contracts/contract.js';
import type { PeerKind, PurposeCode } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent } from './decide.js';
import { loadPolicy } from './load-policy.js';
import { project } from './project.js';

type Json = Record<string, unknown>;
const policy = loadPolicy('apps/gateway/policy/2026.1');

/** What a reader sees of each example of a contract, by the purpose of its route or a successor. */
function seen(id: ContractId, readerKind: PeerKind, purpose: PurposeCode): Json[] {
  const contract = contractById(id);
  const rules = propertyRules(id);
  const route = contract.routes.find(({ to }) => to === readerKind);
  const messagePurpose = route?.purpose ?? purpose;
  const decision = decideContent(policy, { readerKind, purpose, messagePurpose, contract, rules });
  if (!decision.permit) throw new Error(decision.code);
  const kind = contract.senders[0] ?? 'GATEWAY';
  const context = { contract: id, sender: { oin: '00000099000000000102', kind }, readerOin: '00000099000000000101' };
  return contractExamples(id).map((example) => project(example as Json, rules, decision.releases, context));
}
const names = (documents: readonly Json[]): string[] =>
  [...new Set(documents.flatMap((one) => Object.keys(one)))].sort();

describe('what the readers of the first messages see', () => {
  it('an NGO sees the outcome of an admission, no ground and no exception', () => {
    expect(names(seen('M04', 'NGO', 'P01'))).toEqual(['decided_on', 'outcome']);
  });

  it('DT&V gets the whole minimal identity set of its notification', () => {
    expect(seen('M05', 'DTV', 'P02')).toEqual(contractExamples('M05'));
  });

  it('a municipality sees that there is an entry ban, not its legal effect or years, and art. 64 in full', () => {
    const [complete] = seen('M08', 'MUNICIPALITY', 'P03').filter((one) => one['part_status'] === 'COMPLETE');
    expect(complete?.['entry_ban']).toEqual({ exists: true });
    expect(complete?.['procedures']).toContainEqual(expect.objectContaining({ type: 'ART64' }));
  });

  it('a municipality that guides sees nothing of status or procedures any more', () => {
    const guiding = names(seen('M08', 'MUNICIPALITY', 'P05'));
    for (const name of ['residence_status', 'procedures', 'entry_ban', 'v_number', 'stay_prospect']) {
      expect(guiding).not.toContain(name);
    }
  });

  it('an NGO gets the dates of a delivered dossier and no parts', () => {
    expect(names(seen('M12', 'NGO', 'P03'))).toEqual(['delivered_on', 'dossier_id']);
  });

  it('the public-order flag and the reference to its decision go to DT&V, not to municipality or IND', () => {
    const flag = ['public_order_contraindication', 'wpg_decision_ref'];
    expect(names(seen('M10', 'DTV', 'P03'))).toEqual(expect.arrayContaining(flag));
    for (const kind of ['MUNICIPALITY', 'IND'] as const) {
      expect(names(seen('M10', kind, 'P03')).filter((name) => flag.includes(name))).toEqual([]);
    }
  });

  it('the admission answers reach the municipality as answers alone', () => {
    expect(seen('M03', 'MUNICIPALITY', 'P01')).toEqual(contractExamples('M03'));
  });
});
