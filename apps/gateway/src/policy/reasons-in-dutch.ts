import type { Decision } from './decision.js';
import { KINDS_NL, ROLES_NL } from './dutch-words.js';
import type { Policy } from './policy.js';
import type { PolicyQuestion } from './policy-question.js';

/** The reasons of a decision as an officer reads them, in the order in which the rules are asked. */
export function reasonsInDutch(policy: Policy, question: PolicyQuestion, decision: Decision): readonly string[] {
  const { readerKind, purpose, messagePurpose = purpose } = question;
  const doel = `${purpose} (${policy.purposes[purpose].nl})`;
  const wie = KINDS_NL[readerKind];
  if (decision.permit) {
    const rol = `De rol voor ${purpose} is ${decision.role} (${ROLES_NL[decision.role]}).`;
    return question.contract === undefined
      ? [`${doel} loopt nog.`, rol]
      : [originOf(policy, question, messagePurpose, doel), rol];
  }
  switch (decision.ground) {
    case 'NO_PURPOSE':
      return ['Er is geen doel genoemd.'];
    case 'NO_SUCCESSOR':
      return [`${doel} volgt niet uit ${messagePurpose} (${policy.purposes[messagePurpose].nl}).`];
    case 'NO_ROLE':
      return [`Voor ${doel} is er geen rol van ${wie}.`];
    case 'NO_ROW': {
      const rol = question.role === undefined ? wie : `de rol ${question.role} (${ROLES_NL[question.role]})`;
      return [`Voor ${rol} wordt bij ${doel} niets verstrekt.`];
    }
    case 'ENDED':
      return [`${doel} is geëindigd.`];
  }
}

function originOf(policy: Policy, question: PolicyQuestion, messagePurpose: string, doel: string): string {
  const { purpose, role } = question;
  if (purpose === messagePurpose) return `${doel} is het doel van het bericht.`;
  if (role !== undefined) return `Voor ${doel} is toestemming gegeven.`;
  const from = Object.values(policy.purposes).find(({ successors }) => successors.some(({ code }) => code === purpose));
  const reason = from?.successors.find(({ code }) => code === purpose)?.nl ?? '';
  return `${doel} volgt uit ${messagePurpose}. ${reason}`;
}
