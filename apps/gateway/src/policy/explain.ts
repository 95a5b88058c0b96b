import { contractById } from '#contracts/catalogue.js';
import type { Contract, PropertyRule } from '#contracts/contract.js';
import type { FieldGroup, Level, PurposeCode, Role } from '#contracts/domain.js';
import { propertyRules } from '#contracts/property-rules.js';
import { decideContent, decideView } from './decide.js';
import type { Decision, Release } from './decision.js';
import { deciding, type DecidingRule } from './deciding-rule.js';
import { CONDITIONS_NL, wordsOf } from './dutch-words.js';
import type { Policy } from './policy.js';
import type { PolicyQuestion } from './policy-question.js';
import { propertiesReleased } from './reach.js';
import { reasonsInDutch } from './reasons-in-dutch.js';
import { VIEW_RULES } from './view-rules.js';

export interface ReleasedGroup {
  readonly group: FieldGroup;
  readonly nl: string;
  readonly level: Level;
  /** The level in Dutch; where the group is not released whole, with the properties that come through. */
  readonly words: string;
}

export interface Explanation {
  readonly permit: boolean;
  /** Of a refusal, as the caller of the interface gets it. */
  readonly code?: string;
  readonly role?: Role;
  readonly rule: DecidingRule;
  readonly released: readonly ReleasedGroup[];
  readonly withheld: readonly { readonly group: FieldGroup; readonly nl: string; readonly words: string }[];
  /** In Dutch, in the order in which the rules are asked. */
  readonly reasons: readonly string[];
  readonly policyVersion: string;
}

/**
 * Permitted or not, by which rule, and what would be released and withheld. Pure, and of the policy alone: the answer
 * is the same for every case and person, whether or not they exist. @throws Error on an unknown contract.
 */
export function explain(policy: Policy, question: PolicyQuestion): Explanation {
  const subject = subjectOf(question);
  const decision = decisionOn(policy, question, subject);
  const asked = { ...question, ...(subject.messagePurpose ? { messagePurpose: subject.messagePurpose } : {}) };
  const common = {
    rule: deciding(policy, asked, decision),
    reasons: reasonsInDutch(policy, asked, decision),
    policyVersion: policy.version,
  };
  const named = (group: FieldGroup) => ({ group, nl: policy.fieldGroups[group]?.nl ?? group });
  if (!decision.permit) {
    const groups = [...new Set(subject.rules.map(({ group }) => group))].sort();
    const withheld = groups.map((group) => ({ ...named(group), words: 'niet verstrekt: geen toegang' }));
    return { permit: false, code: decision.code, ...common, released: [], withheld };
  }
  const wholeRow = subject.rules.length === 0;
  const shown = decision.releases.filter(({ group }) => wholeRow || decision.released.includes(group));
  return {
    permit: true,
    role: decision.role,
    ...common,
    released: shown
      .toSorted((a, b) => a.group.localeCompare(b.group))
      .map((release) => ({
        ...named(release.group),
        level: release.level,
        words: wordsWithProperties(release, decision.releases, subject),
      })),
    withheld: decision.withheld.map((group) => ({ ...named(group), words: whyWithheld(group, decision.releases) })),
  };
}

function whyWithheld(group: FieldGroup, releases: readonly Release[]): string {
  const release = releases.find((candidate) => candidate.group === group);
  if (release === undefined) return 'niet verstrekt: de tabel noemt deze groep niet voor dit doel en deze rol';
  return release.condition === undefined
    ? `niet verstrekt: op dit niveau (${wordsOf(release)}) blijft er hier niets van over`
    : `niet verstrekt: ${CONDITIONS_NL[release.condition]}, en daaraan voldoet dit niet`;
}

interface Subject {
  readonly contract: Contract | null;
  readonly rules: readonly PropertyRule[];
  readonly messagePurpose: PurposeCode | undefined;
}

function subjectOf({ contract: id, view, readerKind, messagePurpose }: PolicyQuestion): Subject {
  if (id === undefined) return { contract: null, rules: view ? VIEW_RULES[view] : [], messagePurpose: undefined };
  const contract = contractById(id);
  const route = contract.routes.find(({ to }) => to === readerKind);
  return {
    contract,
    rules: propertyRules(id),
    messagePurpose: messagePurpose ?? route?.purpose ?? contract.purposes[0],
  };
}

function decisionOn(policy: Policy, question: PolicyQuestion, { contract, rules, messagePurpose }: Subject): Decision {
  const { readerKind, purpose, role, endedPurposes = [] } = question;
  const asking = { readerKind, purpose, ...(role ? { grant: role } : {}), rules, endedPurposes };
  return contract === null || messagePurpose === undefined
    ? decideView(policy, asking)
    : decideContent(policy, { ...asking, contract, messagePurpose });
}

function wordsWithProperties(release: Release, releases: readonly Release[], { contract, rules }: Subject): string {
  const words = wordsOf(release);
  const own = rules.filter(({ group }) => group === release.group).map(({ pointer }) => pointer);
  const through = propertiesReleased(rules, releases, contract).filter((pointer) => own.includes(pointer));
  return through.length === own.length ? words : `${words}; alleen ${through.map((name) => name.slice(1)).join(', ')}`;
}
