import type { Contract, ContractId, Route, RouteCondition } from './contract.js';
import type { EventFamily, LegalBasis, PeerKind, PurposeCode } from './domain.js';

const ACTIVITIES = 'https://ketenpoort.example/verwerkingen';

/** `to` for a purpose; `basis` marks a route that is off until the register names a legal basis for it. */
function route(to: PeerKind, purpose: PurposeCode, when: RouteCondition = 'ALWAYS', basis?: 'needsBasis'): Route {
  return { to, purpose, when, ...(basis ? { needsBasis: true as const } : {}) };
}

const ANY_PARTY: readonly PeerKind[] = ['MUNICIPALITY', 'NGO', 'IND', 'DTV', 'AVIM', 'COA'];
const toAll = (purpose: PurposeCode, when: RouteCondition): readonly Route[] =>
  ANY_PARTY.map((kind) => route(kind, purpose, when));

type Entry = readonly [
  id: ContractId,
  name: string,
  dutch: string,
  kind: Contract['kind'],
  family: EventFamily,
  senders: readonly PeerKind[],
  purposes: readonly PurposeCode[],
  legalBases: readonly LegalBasis[],
  activity: string,
  caseId: Contract['caseId'],
  routes: readonly Route[],
];

/** Domain 2.7. M39, M42 and what belongs to the later process follow with their transitions. */
const ENTRIES: readonly Entry[] = [
  ['M01', 'ResidentApplication', 'aanmelding', 'NOTIFICATION', 'case-notification', ['MUNICIPALITY', 'NGO'], ['P01'], ['LB1', 'LB14'], 'aanmelding', 'none',
    [route('MUNICIPALITY', 'P01', 'FROM_NGO')]],
  ['M02', 'AdmissionCheckRequest', 'toelatingstoets-verzoek', 'REQUEST', 'dossier-request', ['MUNICIPALITY'], ['P01'], ['LB2', 'LB15'], 'toelatingstoets', 'required',
    [route('IND', 'P01', 'QUESTIONS'), route('COA', 'P01', 'QUESTIONS'), route('DTV', 'P01', 'QUESTIONS', 'needsBasis'), route('AVIM', 'P01', 'QUESTIONS', 'needsBasis')]],
  ['M03', 'AdmissionCheckResponse', 'toelatingstoets-antwoord', 'RESPONSE', 'case-notification', ['IND', 'COA', 'AVIM'], ['P01'], ['LB2', 'LB6', 'LB13'], 'toelatingstoets', 'required',
    [route('MUNICIPALITY', 'P01')]],
  ['M04', 'AdmissionDecision', 'toelatingsbesluit', 'NOTIFICATION', 'case-notification', ['MUNICIPALITY'], ['P01'], ['LB1'], 'toelating', 'required',
    [route('NGO', 'P01')]],
  ['M05', 'DtvResidentNotification', 'bekendmaking aan DT&V', 'NOTIFICATION', 'case-notification', [], ['P02'], ['LB3'], 'bekendmaking-dtv', 'required',
    [route('DTV', 'P02')]],
  ['M06', 'DtvNotificationAck', 'ontvangstbevestiging DT&V', 'RESPONSE', 'control', ['DTV'], ['P02'], ['LB3'], 'bekendmaking-dtv', 'required',
    [route('MUNICIPALITY', 'P02')]],
  ['M07', 'DossierRequest', 'dossierverzoek', 'REQUEST', 'dossier-request', ['MUNICIPALITY'], ['P03'], ['LB2'], 'dossier', 'required',
    [route('IND', 'P03', 'QUESTIONS'), route('DTV', 'P03', 'QUESTIONS'), route('COA', 'P03', 'QUESTIONS'), route('AVIM', 'P03', 'QUESTIONS', 'needsBasis')]],
  ['M08', 'IndDossierPart', 'dossierdeel IND', 'RESPONSE', 'dossier-part', ['IND'], ['P03'], ['LB2'], 'dossier', 'required', [route('MUNICIPALITY', 'P03')]],
  ['M09', 'DtvDossierPart', 'dossierdeel DT&V', 'RESPONSE', 'dossier-part', ['DTV'], ['P03'], ['LB2'], 'dossier', 'required', [route('MUNICIPALITY', 'P03')]],
  ['M10', 'AvimSupplement', 'aanvulling AVIM', 'RESPONSE', 'dossier-part', ['AVIM'], ['P03'], ['LB4', 'LB5', 'LB6', 'LB7'], 'dossier-avim', 'required',
    [route('MUNICIPALITY', 'P03'), route('DTV', 'P03'), route('IND', 'P03')]],
  ['M11', 'CoaReceptionHistory', 'opvanghistorie', 'RESPONSE', 'dossier-part', ['COA'], ['P03'], ['LB2', 'LB15'], 'dossier', 'required', [route('MUNICIPALITY', 'P03')]],
  ['M12', 'DossierDelivered', 'dossier aangeleverd', 'NOTIFICATION', 'case-notification', [], ['P03'], ['LB1'], 'dossier', 'required',
    [route('MUNICIPALITY', 'P03'), route('IND', 'P03'), route('DTV', 'P03'), route('NGO', 'P03')]],
  ['M13', 'RestPeriodEvent', 'rusttermijn gestart / verstreken / vervallen', 'NOTIFICATION', 'case-notification', [], ['P04'], ['LB1'], 'rusttermijn', 'required',
    [route('MUNICIPALITY', 'P04'), route('NGO', 'P04'), route('IND', 'P04'), route('DTV', 'P04')]],
  ['M28', 'CorrectionNotice', 'correctie', 'COMMAND', 'control', ANY_PARTY, ['P12'], ['LB12'], 'rechten-en-correctie', 'required', toAll('P12', 'PAST_RECIPIENTS')],
  ['M29', 'WithdrawalNotice', 'intrekking', 'COMMAND', 'control', ANY_PARTY, ['P12'], ['LB12'], 'rechten-en-correctie', 'required', toAll('P12', 'PAST_RECIPIENTS')],
  ['M30', 'PurgeConfirmation', 'verwijderingsbevestiging', 'RESPONSE', 'control', ANY_PARTY, ['P12'], ['LB12'], 'rechten-en-correctie', 'required', toAll('P12', 'AUTHOR')],
  ['M37', 'DataSubjectRequest', 'verzoek betrokkene', 'REQUEST', 'control', ANY_PARTY, ['P12'], ['LB12'], 'rechten-en-correctie', 'required', toAll('P12', 'CONTROLLERS')],
  ['M40', 'TechnicalReceipt', 'ontvangstbericht / foutbericht', 'RESPONSE', 'control', ANY_PARTY, ['P13'], ['LB12'], 'uitwisseling', 'optional', toAll('P13', 'AUTHOR')],
  ['M41', 'StayEvent', 'begin, wijziging, einde verblijf', 'NOTIFICATION', 'case-notification', ['MUNICIPALITY'], ['P02'], ['LB3'], 'verblijf', 'required',
    [route('NGO', 'P05'), route('DTV', 'P02', 'STAY_CHANGED')]],
  ['M43', 'GuidanceAssignment', 'toewijzing begeleiding', 'NOTIFICATION', 'case-notification', ['MUNICIPALITY'], ['P05'], ['LB1', 'LB8'], 'begeleiding', 'required',
    [route('NGO', 'P05', 'NAMED'), route('DTV', 'P05')]],
]; // prettier-ignore

/** Every message that this gateway carries, in order of its id. */
export const CONTRACTS: readonly Contract[] = ENTRIES.map(
  ([id, name, dutch, kind, family, senders, purposes, legalBases, activity, caseId, routes]) => ({
    id,
    name,
    dutch,
    type: `nl.lvv.${kebabName(name)}.v1`,
    version: 1,
    kind,
    family,
    senders,
    purposes,
    legalBases,
    processingActivity: `${ACTIVITIES}/${activity}`,
    caseId,
    routes,
  }),
);

const byId = new Map(CONTRACTS.map((contract) => [contract.id, contract]));
const byType = new Map(CONTRACTS.map((contract) => [contract.type, contract]));

/** `IndDossierPart` -> `ind-dossier-part`: the name in types, files and addresses. */
export function kebabName(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

/** Throws on an id that the catalogue does not hold: a fault in the caller, never in a request. */
export function contractById(id: ContractId): Contract {
  const contract = byId.get(id);
  if (!contract) throw new Error(`the catalogue holds no ${id}`);
  return contract;
}

export function contractByType(type: string): Contract | undefined {
  return byType.get(type);
}
