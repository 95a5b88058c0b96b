import { describe, expect, it } from '@jest/globals';
import type { ContractId } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import type { PlainRecord } from '../search/plain-record.js';
import { partIn } from './part-entries.js';
import { policeHidden } from './police-hidden.js';
import { reportEntry, type Surroundings } from './report-entry.js';
import type { PartRow, PartState } from './report-rows.js';
import { Summary } from './summary.js';

const OIN = { ams: '00000099000000000101', ind: '00000099000000000301', avim: '00000099000000000303' } as const;
const KINDS: Readonly<Record<string, PeerKind>> = {
  [OIN.ams]: 'MUNICIPALITY',
  [OIN.ind]: 'IND',
  [OIN.avim]: 'AVIM',
};
const TODAY = '2026-03-02';

/** A message of the municipality to these organisations; the police gets it when it is a party of the case. */
interface Sent {
  readonly contract: ContractId;
  readonly to: readonly (keyof typeof OIN)[];
  readonly userReference?: string;
}

const MESSAGES: readonly Sent[] = [
  { contract: 'M07', to: ['ind', 'avim'] },
  { contract: 'M07', to: ['ind'] },
  { contract: 'M37', to: ['ind', 'avim'] },
  { contract: 'M37', to: ['avim'] },
  { contract: 'M37', to: ['ind'], userReference: 'medewerker-17' },
  { contract: 'M41', to: ['ind'] },
];

function recordOf({ contract, to, userReference }: Sent, n: number, police: boolean): PlainRecord {
  return {
    version: 1,
    id: `01936a5e-7f00-7a11-8c22-93d4e5f6071${n}`,
    at: '2026-03-02T10:15:00.000Z',
    kind: 'DELIVERY',
    action: 'message.accept',
    peer: { oin: OIN.ams, kind: 'MUNICIPALITY' },
    contract: { id: contract, version: 1 },
    legalBases: ['LB2'],
    subjects: [{ id: 'sealed' }],
    decision: { outcome: 'permit', reasons: [] },
    fieldGroups: { released: [], withheld: [] },
    recipients: to.filter((one) => police || one !== 'avim').map((one) => OIN[one]),
    ...(userReference === undefined ? {} : { userReference }),
  };
}

const part = (oin: string, state: PartState): PartRow => ({
  oin,
  regime: oin === OIN.avim ? 'WPG' : 'AVG',
  entries: 1,
  dueOn: '2026-04-02',
  state,
  answeredAt: null,
  ground: null,
  showFrom: null,
  extension: null,
});

/** What the document says of these messages: every line in words, and why the bytes of its record stay behind. */
function documentOf(police: PartState | null): readonly object[] {
  const parts = [part(OIN.ams, 'RELEASED'), ...(police === null ? [] : [part(OIN.avim, police)])];
  const around: Surroundings = {
    kindOf: (oin) => KINDS[oin],
    police: OIN.avim,
    parties: new Set([OIN.ams, OIN.ind, ...(police === null ? [] : [OIN.avim])]),
    municipalityOf: () => OIN.ams,
    coordinator: OIN.ams,
    activities: {},
  };
  const peers = { byOin: (oin: string) => ({ oin, kind: KINDS[oin] }) } as unknown as Parameters<
    typeof policeHidden
  >[0];
  const nameOf = (oin: string): string => KINDS[oin] ?? oin;
  const summary = new Summary({
    parts,
    withheld: new Map(),
    today: TODAY,
    nameOf,
    isHidden: policeHidden(peers, parts),
  });
  const entries = MESSAGES.flatMap((sent, n) => {
    const entry = reportEntry(recordOf(sent, n, police !== null), around);
    const answering = partIn(parts, entry.part, OIN.ams);
    return answering ? [{ ...entry, part: answering }] : [];
  });
  for (const entry of entries) summary.add(entry);
  return entries.flatMap((entry) => {
    const group = summary.groupOf(entry);
    return group ? [{ group, closed: summary.closedFor(entry) }] : [];
  });
}

describe('the document of someone about whom the police has something that it has not released', () => {
  it.each(['OPEN', 'REFUSED'] as const)('is that of someone about whom it has nothing, when it is %s', (state) => {
    expect(documentOf(state)).toEqual(documentOf(null));
  });

  it('has a line for every request of the resident, whoever received it', () => {
    const requests = documentOf('OPEN').filter((line) => JSON.stringify(line).includes('verzoek betrokkene'));
    expect(requests).toHaveLength(MESSAGES.filter(({ contract }) => contract === 'M37').length);
  });
});

describe('the bytes of a record', () => {
  const closed = (police: PartState | null) => documentOf(police).map((line) => (line as { closed: unknown }).closed);

  it('stay behind for every message that may go to the police, whether this one did or not', () => {
    expect(closed(null)).toEqual(['OTHERS', 'OTHERS', 'OTHERS', 'OTHERS', 'OTHERS', null]);
  });

  it('go along once the police has released its part, unless they name an employee', () => {
    expect(closed('RELEASED')).toEqual([null, null, null, null, 'EMPLOYEE', null]);
  });
});
