import type { Level, PeerKind, Role } from '#contracts/domain.js';
import type { Release } from './decision.js';

/** What officers and agencies read. The meaning of a level for one property stands beside the contract (x-levels). */
export const LEVELS_NL: Readonly<Record<Level, string>> = {
  F: 'volledig',
  m: 'beperkt of gecodeerd',
  b: 'alleen ja of nee',
  o: 'alleen de eigen bijdrage',
  a: 'alleen in aantallen',
  s: 'eigen gegevens, op een inzageverzoek',
  t: 'met een lopende toestemming, tot wat de eigen kolom toestaat',
};

export const CONDITIONS_NL: Readonly<Record<NonNullable<Release['condition']>, string>> = {
  '15': 'alleen de klasse van de uitstroom: duurzaam, tijdelijk of anders',
  '16a': 'alleen bij vertrek met onbekende bestemming en bij vertrek uit Nederland of doormigratie',
  '16c': 'alleen bij plaatsing in een AZC, artikel 64 of een VBL',
  '17': 'alleen eigen meldingen van de politie',
  M: 'alleen wat de gemeente zelf schreef',
};

export const KINDS_NL: Readonly<Record<PeerKind, string>> = {
  MUNICIPALITY: 'gemeente',
  NGO: 'ngo',
  IND: 'IND',
  DTV: 'DT&V',
  AVIM: 'politie (AVIM)',
  COA: 'COA',
  PROGRAMME: 'programmabureau LVV',
  CONSOLE: 'functionaris',
  GATEWAY: 'knooppunt',
};

export const ROLES_NL: Readonly<Record<Role, string>> = {
  MI: 'gemeente, intake',
  MC: 'gemeente, zaakcoördinator en voorzitter LSO',
  NG: 'ngo, begeleider',
  IN: 'IND, liaison',
  DT: 'DT&V, regievoerder en liaison',
  DS: 'DT&V, rapporteur toezicht',
  AV: 'politie, AVIM',
  CO: 'COA, liaison',
  MR: 'lid van een MRT, met een lopende toestemming',
  NE: 'lid van het landelijk escalatieoverleg, met een lopende toestemming',
  PB: 'programmabureau',
  RE: 'onderzoeker',
  RS: 'betrokkene, eigen gegevens',
  GO: 'beheerder van het knooppunt',
  FG: 'functionaris gegevensbescherming',
};

/** `volledig`, or `beperkt of gecodeerd, alleen wat de gemeente zelf schreef`. */
export function wordsOf({ level, condition }: Release): string {
  return condition === undefined ? LEVELS_NL[level] : `${LEVELS_NL[level]}, ${CONDITIONS_NL[condition]}`;
}
