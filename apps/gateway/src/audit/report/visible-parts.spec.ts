import { describe, expect, it } from '@jest/globals';
import type { RegisteredPeer } from '../../peers/peer-register.js';
import { policeHidden } from './police-hidden.js';
import type { PartRow } from './report-rows.js';
import { asOf, partsFor, partsInDocument } from './visible-parts.js';

const part = (oin: string, more: Partial<PartRow> = {}): PartRow => ({
  oin,
  regime: 'AVG',
  entries: 3,
  dueOn: '2026-04-02',
  state: 'OPEN',
  answeredAt: null,
  ground: null,
  showFrom: null,
  extension: null,
  ...more,
});
const report = { handlerOin: 'ams', named: ['ams', 'ind', 'avim'] };
const parts = [part('ams'), part('ind'), part('rot'), part('avim', { regime: 'WPG' })];
const oins = (found: readonly PartRow[]): readonly string[] => found.map((one) => one.oin);

describe('which parts an organisation knows of', () => {
  it('is its own alone for a controller that does not handle the request', () => {
    expect(oins(partsFor('ind', report, parts))).toEqual(['ind']);
    expect(oins(partsFor('avim', report, parts))).toEqual(['avim']);
    expect(oins(partsFor('utr', report, parts))).toEqual([]);
  });

  it('is for the handler what the request names; not another municipality, and not the police although it is named', () => {
    expect(oins(partsFor('ams', report, parts))).toEqual(['ams', 'ind']);
  });

  it('is for the handler what another municipality has answered as well', () => {
    const answered = [...parts.slice(0, 2), part('rot', { state: 'REFUSED' })];
    expect(oins(partsFor('ams', report, answered))).toEqual(['ams', 'ind', 'rot']);
  });
});

describe('the part of the police', () => {
  it('is in the document once it is released', () => {
    const released = [part('ams'), part('avim', { regime: 'WPG', state: 'RELEASED' })];
    expect(oins(partsInDocument(report, released))).toEqual(['ams', 'avim']);
  });

  it.each(['OPEN', 'REFUSED'] as const)(
    'leaves no trace in the document while it is %s, whoever handles the request',
    (state) => {
      const police = part('avim', { regime: 'WPG', state });
      for (const handlerOin of ['ams', 'avim'])
        expect(partsInDocument({ ...report, handlerOin }, [part('ams'), police])).toEqual(
          partsInDocument({ ...report, handlerOin }, [part('ams')]),
        );
    },
  );
});

describe('a part that was refused until a day', () => {
  it('is open from that day on, and not before', () => {
    const refused = part('ind', { state: 'REFUSED', showFrom: '2026-06-01' });
    const states = (today: string, of: PartRow) => asOf(today, [of]).map(({ state }) => state);
    expect([...states('2026-05-31', refused), ...states('2026-06-01', refused)]).toEqual(['REFUSED', 'RELEASED']);
    expect(states('2036-06-01', part('ind', { state: 'REFUSED' }))).toEqual(['REFUSED']);
    expect(states('2036-06-01', part('ind'))).toEqual(['OPEN']);
  });

  it('is in the document and named from then on, also that of the police', () => {
    const police = part('avim', { regime: 'WPG', state: 'REFUSED', showFrom: '2026-06-01' });
    const peers = { byOin: (oin: string) => ({ oin, kind: oin === 'avim' ? 'AVIM' : 'IND' }) as RegisteredPeer };
    const shown = (today: string) => {
      const now = asOf(today, [part('ams'), police]);
      return [oins(partsInDocument(report, now)), policeHidden(peers, now)('avim')];
    };
    expect(shown('2026-05-31')).toEqual([['ams'], true]);
    expect(shown('2026-06-01')).toEqual([['ams', 'avim'], false]);
  });
});
