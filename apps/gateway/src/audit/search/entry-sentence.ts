/** What an organisation did, for an officer, behind its name. Every action of docs/life-of-an-access-record.md. */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  'message.accept': 'stuurde een bericht',
  'message.replay': 'stuurde een bericht nog een keer',
  'message.submit': 'wilde een bericht sturen',
  'message.status': 'vroeg hoe ver een bericht was',
  'content.read': 'las een bericht',
  'inbox.read': 'bekeek het eigen postvak',
  'delivery.acknowledge': 'bevestigde of weigerde ontvangen berichten',
  'delivery.redrive': 'leverde berichten opnieuw',
  'delivery.skip': 'sloeg berichten over',
  'case.read': 'bekeek de stand van een zaak',
  'dossier.read': 'bekeek wat er in een dossier zit',
  'timeline.read': 'bekeek het verloop van een zaak',
  'cases.search': 'zocht een zaak',
  'data-subject-report.create': 'begon een antwoord op een inzageverzoek',
  'data-subject-report.extend': 'verlengde de termijn van een inzageverzoek',
  'data-subject-report.release': 'gaf het eigen deel van een inzageverzoek vrij',
  'data-subject-report.refuse': 'weigerde het eigen deel van een inzageverzoek',
  'data-subject-report.list': 'bekeek de lijst van inzageverzoeken',
  'data-subject-report.read': 'bekeek een inzageverzoek',
  'data-subject-report.read-part': 'bekeek het eigen deel van een inzageverzoek',
  'data-subject-report.download': 'haalde het antwoord op een inzageverzoek op',
  'policy.evaluate': 'probeerde uit wat het beleid toestaat',
  'access.evaluate': 'probeerde uit wat het beleid toestaat',
  'log.search': 'zocht in het verwerkingslogboek',
  'log.read': 'bekeek een regel van het verwerkingslogboek',
  'log.proof': 'vroeg het bewijs van een regel van het verwerkingslogboek',
  'processing.search': 'zocht in het logboek dataverwerkingen',
  'grant.give': 'gaf iemand tijdelijk toegang tot een zaak',
  'grant.request': 'vroeg een landelijk beeld aan',
  'grant.consent': 'stemde in met een landelijk beeld',
  'grant.end': 'beëindigde een tijdelijke toegang',
  'grant.list': 'bekeek de lijst van tijdelijke toegangen',
  'connection.use': 'deed een verzoek over een verbinding',
  'connection.open': 'wilde een verbinding openen',
  'policy.load': 'nam een versie van het beleid in gebruik',
  'log.restart': 'begon het logboek opnieuw',
  'record.erase': 'wiste wat zijn termijn had gehad',
};

export interface Sentence {
  /** Of whoever did it; null for the gateway itself, or who is not registered (any more). */
  readonly name: string | null;
  readonly byGateway: boolean;
  readonly action: string;
  /** Dutch name of the message. */
  readonly contract: string | null;
  readonly permitted: boolean;
  /** Why it was refused, in the words of the error catalogue. */
  readonly title: string | null;
}

/** `IND las een bericht (dossierdeel DT&V). Toegestaan.` An action of a later release stands there as it is. */
export function entrySentence({ name, byGateway, action, contract, permitted, title }: Sentence): string {
  const who = name ?? (byGateway ? 'Ketenpoort' : 'Een organisatie die niet (meer) geregistreerd is');
  const what = ACTION_WORDS[action] ?? `deed ${action}`;
  const about = contract === null ? '' : ` (${contract})`;
  const outcome = permitted ? 'Toegestaan' : `Geweigerd${title === null ? '' : `: ${title}`}`;
  return `${who} ${what}${about}. ${outcome}.`;
}
