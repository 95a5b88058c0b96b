import type { PeerKind } from '#contracts/domain.js';

/** One simulated organisation. `name` is its file name under `.ketenpoort/pki/` and its key in `demo.json`. */
export interface RosterPeer {
  readonly name: string;
  /** Test OINs only: prefix 00000099 (OIN-Stelsel). */
  readonly oin: string;
  readonly title: string;
  readonly kind: PeerKind;
  readonly pilot?: string;
}

/** The gateway's own OIN, used in `source` of what it makes itself. */
export const GATEWAY_OIN = '00000099000000000001';

export const ROSTER: readonly RosterPeer[] = [
  { name: 'ams', oin: '00000099000000000101', title: 'Gemeente Amsterdam (proef)', kind: 'MUNICIPALITY', pilot: 'AMS' },
  { name: 'rot', oin: '00000099000000000102', title: 'Gemeente Rotterdam (proef)', kind: 'MUNICIPALITY', pilot: 'ROT' },
  { name: 'utr', oin: '00000099000000000103', title: 'Gemeente Utrecht (proef)', kind: 'MUNICIPALITY', pilot: 'UTR' },
  { name: 'ehv', oin: '00000099000000000104', title: 'Gemeente Eindhoven (proef)', kind: 'MUNICIPALITY', pilot: 'EHV' },
  { name: 'gro', oin: '00000099000000000105', title: 'Gemeente Groningen (proef)', kind: 'MUNICIPALITY', pilot: 'GRO' },
  { name: 'ngo-1', oin: '00000099000000000201', title: 'Stichting Noordsteun (proef)', kind: 'NGO' },
  { name: 'ngo-2', oin: '00000099000000000202', title: 'Stichting Zuidsteun (proef)', kind: 'NGO' },
  { name: 'ind', oin: '00000099000000000301', title: 'Immigratie- en Naturalisatiedienst (proef)', kind: 'IND' },
  { name: 'dtv', oin: '00000099000000000302', title: 'Dienst Terugkeer en Vertrek (proef)', kind: 'DTV' },
  { name: 'avim', oin: '00000099000000000303', title: 'Politie, AVIM (proef)', kind: 'AVIM' },
  { name: 'coa', oin: '00000099000000000304', title: 'Centraal Orgaan opvang asielzoekers (proef)', kind: 'COA' },
];

/** Officers (privacy officers, FG) with a personal certificate of the officers' CA: file `fg-<org>`. */
export const OFFICERS: readonly { readonly name: string; readonly organisation: string }[] = [
  { name: 'fg-ams', organisation: 'ams' },
  { name: 'fg-rot', organisation: 'rot' },
  { name: 'fg-utr', organisation: 'utr' },
  { name: 'fg-ehv', organisation: 'ehv' },
  { name: 'fg-gro', organisation: 'gro' },
  { name: 'fg-ind', organisation: 'ind' },
  { name: 'fg-dtv', organisation: 'dtv' },
  { name: 'fg-avim', organisation: 'avim' },
  { name: 'fg-coa', organisation: 'coa' },
];
