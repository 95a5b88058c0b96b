import { dayWords, momentWords } from './entry-words.js';
import type { ReportDocument } from './report-document.js';

/** The standing texts of the document: plain Dutch (B1), the same for everyone. */
export const TITLE = 'Wie heeft uw gegevens gezien?';

export function introduction(document: ReportDocument): readonly string[] {
  return [
    `U hebt gevraagd wie uw gegevens heeft gezien. Uw verzoek is binnengekomen op ${dayWords(document.receivedOn)}. ` +
      `${document.handledBy} geeft u dit overzicht.`,
    'Organisaties die samen werken aan opvang en begeleiding sturen elkaar gegevens over u. Dat gaat door één poort: ' +
      'Ketenpoort. De poort schrijft elke keer op wie iets zag of vroeg, wanneer, waarom en op welke grond. Dat leest ' +
      'u hier. Ook als een organisatie iets vroeg en het niet kreeg.',
    `Het overzicht loopt tot ${momentWords(document.coversUntil)}. U ziet organisaties en geen namen van medewerkers. ` +
      'U ziet welke soorten gegevens iemand kon zien, en niet de gegevens zelf.',
  ];
}

/** Stands in every document, whatever the police has: it must not say whether it has anything. */
export const ABOUT_THE_POLICE =
  'Voor gegevens van de politie geldt een eigen wet, de Wet politiegegevens. Die gegevens staan alleen in dit overzicht ' +
  'als de politie ze zelf heeft vrijgegeven. Ook dat uw gegevens naar de politie zijn gestuurd, staat hier alleen dan. ' +
  'Staat de politie niet in dit overzicht? Dan kunt u daaruit niet opmaken of de politie gegevens over u heeft. U kunt ' +
  'het de politie zelf vragen. De politie antwoordt binnen zes weken en mag dat vier of zes weken uitstellen.';

export const RIGHTS: readonly string[] = [
  'Klopt er iets niet? Dan kunt u vragen om uw gegevens te verbeteren, aan te vullen of te verwijderen.',
  'Vindt u dat een organisatie uw gegevens niet mag gebruiken? Dan kunt u bezwaar maken bij die organisatie.',
  'Bent u het niet eens met een antwoord van de overheid in dit overzicht? Maak dan binnen zes weken bezwaar bij die ' +
    'organisatie. Bij een stichting gaat u binnen zes weken naar de rechtbank.',
  'U kunt ook een klacht indienen bij de Autoriteit Persoonsgegevens: autoriteitpersoonsgegevens.nl.',
  'Uw gemeente, uw begeleider of uw advocaat kan u hierbij helpen.',
];

export const PROOF: readonly string[] = [
  'Elke regel heeft een kenmerk. Dat kenmerk hoort bij een regel in het logboek van de poort. Het logboek is zo gemaakt ' +
    'dat niemand ongezien een regel kan veranderen of weghalen.',
  'Vraag om het bewijsbestand als u dit wilt laten controleren. Daarmee kan iedereen nagaan dat deze regels in het ' +
    'logboek staan, zonder de poort te hoeven vertrouwen.',
];
