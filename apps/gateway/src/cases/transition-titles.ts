import type { TRANSITION_IDS } from './transitions.js';

/** Dutch titles for the timeline of a case; officers and coordinators read them. */
export const TRANSITION_TITLES: Readonly<Record<(typeof TRANSITION_IDS)[number], string>> = {
  T01: 'Aangemeld',
  T02: 'Toelatingstoets gevraagd',
  T03: 'Niet toegelaten',
  T04: 'Toegelaten',
  T05: 'Bekendgemaakt aan DT&V',
  T06: 'Ontvangst bevestigd door DT&V',
  T07: 'Dossier gevraagd bij IND en DT&V',
  T08: 'Eerste dossierdeel ontvangen; rusttermijn nog niet begonnen',
  T09: 'Dossier aangeleverd; rusttermijn begonnen',
  T10: 'Aanvulling ontvangen',
  T11: 'Dossierdeel afgekeurd',
  T11b: 'Dossierdeel afgekeurd na aanlevering: verkeerde persoon',
  T12: 'Dossierdeel ingetrokken',
  T12b: 'Dossierdeel ingetrokken; dossier in correctie',
  T13: 'Dossierdeel gecorrigeerd, zonder gevolg',
  T14: 'Dossierdeel wezenlijk gecorrigeerd; rusttermijn loopt door',
  T15: 'Dossierdeel wezenlijk gecorrigeerd; dossier in correctie',
  T16: 'Rusttermijn verstreken',
  T49: 'Verblijf begonnen',
  T50: 'Verblijf beëindigd',
};
