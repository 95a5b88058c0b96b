import { contractById } from '#contracts/catalogue.js';
import type { ContractId } from '#contracts/contract.js';

/** What was done, in the words of the record's `action`; a beginning is enough for a family of actions. */
const HAPPENINGS: readonly (readonly [action: string, words: string])[] = [
  ['message.accept', 'Stuurde een bericht over u'],
  ['message.replay', 'Stuurde een bericht over u nog een keer'],
  ['message.submit', 'Wilde een bericht over u sturen'],
  ['message.status', 'Keek waar een bericht over u was'],
  ['content.read', 'Las een bericht over u'],
  ['inbox.read', 'Zag dat er een bericht over u was'],
  ['delivery.acknowledge', 'Meldde dat een bericht over u was aangekomen'],
  ['delivery.', 'De beheerder stuurde een bericht over u opnieuw of sloeg het over'],
  ['case.read', 'Bekeek de stand van uw zaak'],
  ['dossier.read', 'Bekeek wat er in uw dossier zit'],
  ['timeline.read', 'Bekeek het verloop van uw zaak'],
  ['cases.search', 'Zocht uw zaak op een nummer'],
  ['log.', 'De privacyfunctionaris controleerde wie uw gegevens had gezien'],
  ['data-subject-report.', 'De privacyfunctionaris werkte aan uw verzoek om inzage'],
  ['processing.search', 'De privacyfunctionaris controleerde wie uw gegevens had gezien'],
  ['policy.evaluate', 'Probeerde uit of gegevens over u gegeven mogen worden; er is niets gegeven'],
  ['access.evaluate', 'Probeerde uit of gegevens over u gegeven mogen worden; er is niets gegeven'],
  ['grant.give', 'Gaf iemand tijdelijk toegang tot uw zaak; daarbij zijn geen gegevens doorgegeven'],
  ['grant.end', 'Stopte de toegang van iemand tot uw zaak; daarbij zijn geen gegevens doorgegeven'],
  ['', 'Gebruikte uw gegevens'],
];

/** `Las een bericht over u (dossierdeel IND)`. */
export function happeningWords(action: string, contract: ContractId | null): string {
  const words = HAPPENINGS.find(([beginning]) => action.startsWith(beginning))?.[1] ?? '';
  return contract === null ? words : `${words} (${contractById(contract).dutch})`;
}

/** Who gets access is a recipient in the record of a grant; to that organisation nothing was passed on. */
export function isGrant(action: string): boolean {
  return action === 'grant.give' || action === 'grant.end';
}

/** `Gaf iemand van de IND tijdelijk toegang`: whose employee it is, when that organisation may be named. */
export function grantWords(action: string, members: readonly string[]): string {
  const words = happeningWords(action, null);
  return members.length === 0 ? words : words.replace('iemand', () => `iemand van ${members.join(', ')}`);
}

/** Why a request was refused, as far as it says something to a resident. */
const REFUSALS: Readonly<Record<string, string>> = {
  CASE_NOT_AVAILABLE: 'deze organisatie had niets met uw zaak te maken',
  PURPOSE_REQUIRED: 'er was geen doel genoemd',
  PURPOSE_NOT_ALLOWED: 'het doel klopte niet',
  PURPOSE_ENDED: 'het doel was voorbij',
  SEARCH_NOT_ALLOWED: 'deze organisatie mag niet zoeken',
  NOT_ENTITLED_IN_CASE: 'deze organisatie mocht dit niet doen in uw zaak',
};

export function outcomeWords(permitted: boolean, code: string | null): string {
  if (permitted) return 'Toegestaan';
  const reason = code === null ? undefined : REFUSALS[code];
  return reason === undefined ? 'Geweigerd, niets verstrekt' : `Geweigerd, niets verstrekt: ${reason}`;
}
