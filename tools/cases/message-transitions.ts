import type { Contract, ContractId } from '#contracts/contract.js';
import type { TransitionId } from '../../apps/gateway/src/cases/transition.js';
import type { TransitionRow } from '../../apps/gateway/src/cases/transition-row.js';

/** How a message meets the case process. */
export interface MessageEntry {
  readonly contract: Contract;
  /** Transitions that this message sets off. */
  readonly sets: readonly TransitionId[];
  /** Transitions that may follow from it by themselves, in the same outcome. */
  readonly follows: readonly TransitionId[];
  /** Transitions in which the gateway makes this message. */
  readonly madeIn: readonly TransitionId[];
  /** Why it moves nothing, when it does not. */
  readonly none?: string;
}

/** What a transition hangs on. */
export interface TransitionEntry {
  readonly id: TransitionId;
  readonly rows: readonly TransitionRow[];
}

export interface MessageTransitions {
  readonly messages: readonly MessageEntry[];
  readonly transitions: readonly TransitionEntry[];
  /** Sentences that name each gap; empty when every message and every transition has its other side. */
  readonly gaps: readonly string[];
}

interface Sources {
  readonly contracts: readonly Contract[];
  readonly rows: readonly TransitionRow[];
  /** Transitions that must stand in the table. */
  readonly ids: readonly TransitionId[];
  /** Messages that move nothing by design, with the reason. */
  readonly withoutTransition: Readonly<Partial<Record<ContractId, string>>>;
}

/** Maps every message of the catalogue to its transitions, or to none, and every transition to what sets it off. Pure. */
export function mapMessages(sources: Sources): MessageTransitions {
  const { contracts, rows, ids, withoutTransition } = sources;
  const messages = contracts.map((contract): MessageEntry => {
    const none = withoutTransition[contract.id];
    return {
      contract,
      sets: transitionsOf(rows.filter((row) => triggerOf(row) === contract.id)),
      follows: transitionsOf(
        rows.filter((row) => row.trigger.on === 'automatic' && row.trigger.after.includes(contract.id)),
      ),
      madeIn: transitionsOf(rows.filter((row) => madeBy(row).includes(contract.id))),
      ...(none === undefined ? {} : { none }),
    };
  });
  const transitions = ids.map((id) => ({ id, rows: rows.filter((row) => row.id === id) }));
  return { messages, transitions, gaps: [...messageGaps(messages, rows), ...tableGaps(sources, transitions)] };
}

function messageGaps(messages: readonly MessageEntry[], rows: readonly TransitionRow[]): readonly string[] {
  return messages.flatMap(({ contract, sets, madeIn, none }) => {
    const moves = sets.length + madeIn.length > 0;
    const mayPost = rows.flatMap(({ trigger }) =>
      trigger.on === 'message' && trigger.contract === contract.id ? trigger.senders : [],
    );
    return [
      ...(!moves && none === undefined ? [`${contract.id} has no transition and is not declared to have none`] : []),
      ...(moves && none !== undefined ? [`${contract.id} is declared to have no transition, but has one`] : []),
      ...contract.senders
        .filter((kind) => !mayPost.includes(kind))
        .map((kind) => `${contract.id} may be sent by ${kind}, but no row of the table takes it`),
    ];
  });
}

function tableGaps(
  { contracts, rows, ids, withoutTransition }: Sources,
  transitions: readonly TransitionEntry[],
): readonly string[] {
  const known = new Set<ContractId>(contracts.map((contract) => contract.id));
  const named = [
    ...rows.flatMap((row) => [triggerOf(row), ...madeBy(row)]),
    ...(Object.keys(withoutTransition) as ContractId[]),
  ];
  const unknown = new Set(named.filter((id): id is ContractId => id !== undefined && !known.has(id)));
  return [
    ...transitions.filter((entry) => entry.rows.length === 0).map(({ id }) => `${id} has no row in the table`),
    ...transitionsOf(rows)
      .filter((id) => !ids.includes(id))
      .map((id) => `${id} stands in the table but not in its list`),
    ...[...unknown].map((id) => `${id} is used by the table, but the catalogue does not hold it`),
  ];
}

function triggerOf(row: TransitionRow): ContractId | undefined {
  return row.trigger.on === 'message' ? row.trigger.contract : undefined;
}

function madeBy(row: TransitionRow): readonly ContractId[] {
  const makes = row.trigger.on === 'automatic' && row.trigger.makes ? [row.trigger.makes] : [];
  return [...makes, ...(row.emits ?? [])];
}

function transitionsOf(rows: readonly TransitionRow[]): readonly TransitionId[] {
  const ids = rows.map((row) => row.id).filter((id): id is TransitionId => id !== 'none');
  return [...new Set(ids)];
}
