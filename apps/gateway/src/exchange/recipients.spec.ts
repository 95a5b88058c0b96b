import { describe, expect, it } from '@jest/globals';
import { contractById } from '#contracts/catalogue.js';
import type { PeerKind } from '#contracts/domain.js';
import type { CaseParty, CaseSnapshot } from '../cases/case-snapshot.js';
import { recipientsOf } from './recipients.js';

const TODAY = '2026-03-02';
const OIN = {
  ams: '00000099000000000101',
  former: '00000099000000000201',
  unrelated: '00000099000000000202',
  ind: '00000099000000000301',
  dtv: '00000099000000000302',
  avim: '00000099000000000303',
} as const;
const party = (oin: string, kind: PeerKind, to?: string): CaseParty => ({
  oin,
  kind,
  from: '2026-01-01',
  basis: 'M02',
  ...(to === undefined ? {} : { to }),
});
const PARTIES = [
  party(OIN.ams, 'MUNICIPALITY'),
  party(OIN.former, 'NGO', '2026-02-01'),
  party(OIN.ind, 'IND'),
  party(OIN.dtv, 'DTV'),
  party(OIN.avim, 'AVIM'),
];

/** Who receives an M37 that names these controllers. */
function reached(sender: { oin: string; kind: PeerKind }, controllers: readonly string[]): readonly string[] {
  const facts = {
    contract: contractById('M37'),
    data: { controllers },
    sender,
    today: TODAY,
    national: {},
    target: null,
  };
  const snapshot = { parties: PARTIES } as unknown as CaseSnapshot;
  return recipientsOf({ ...facts, snapshot, bases: new Set() }).map((one) => one.oin);
}

describe('M37, a request of the resident', () => {
  const municipality = { oin: OIN.ams, kind: 'MUNICIPALITY' } as const;

  it('goes to the controllers that it names, and not to the other parties', () => {
    expect(reached(municipality, [OIN.ind])).toEqual([OIN.ind]);
  });

  it('goes to a controller that has left the case, for it still holds the data', () => {
    expect(reached(municipality, [OIN.former])).toEqual([OIN.former]);
  });

  it('goes to nobody who never was a party of the case', () => {
    expect(reached(municipality, [OIN.unrelated])).toEqual([]);
  });

  it('shows only the municipality, which can have asked the police itself, whether the police is a party', () => {
    expect(reached(municipality, [OIN.avim, OIN.dtv])).toEqual([OIN.dtv, OIN.avim]);
    for (const [kind, oin] of [
      ['NGO', OIN.former],
      ['IND', OIN.ind],
    ] as const) {
      // prettier-ignore
      expect(reached({ oin, kind }, [OIN.avim])).toEqual([]);
    }
  });
});
