import type { ValidationIssue } from '#contracts/contract.js';
import type { ProblemDocument } from '../gateway/gateway-errors.js';

/** What the adapter itself refuses. Codes that the gateway has too mean the same here. */
const PROBLEMS = {
  LOCAL_SECRET_REQUIRED: {
    status: 401,
    title: 'Het geheim ontbreekt of klopt niet',
    nextStep: 'Stuur Authorization: Bearer <inhoud van secretFile> mee.',
  },
  USER_REFERENCE_REQUIRED: {
    status: 400,
    title: 'De verwijzing naar de raadpleger ontbreekt',
    nextStep: 'Stuur de header User-Reference mee met het pseudoniem van de medewerker.',
  },
  INVALID_PARAMETER: { status: 400, title: 'Een parameter is ongeldig', nextStep: 'Zie de lijst met fouten.' },
  MALFORMED_JSON: { status: 400, title: 'Het bericht is geen geldige JSON', nextStep: 'Controleer de JSON.' },
  DUPLICATE_KEY: {
    status: 400,
    title: 'Een sleutel komt meer dan eens voor in hetzelfde object',
    nextStep: 'Gebruik elke sleutel één keer (RFC 7493).',
  },
  NESTING_TOO_DEEP: { status: 400, title: 'De JSON is te diep genest', nextStep: 'Blijf binnen 32 niveaus.' },
  SCHEMA_INVALID: {
    status: 400,
    title: 'Het bericht voldoet niet aan het contract',
    nextStep: 'Herstel de genoemde velden; zie /v1/contracts voor schema en voorbeelden.',
  },
  FORBIDDEN_IDENTIFIER: {
    status: 400,
    title: 'Het bericht bevat een nummer of gegeven dat hier nooit mag',
    nextStep: 'Verwijder BSN, SKN of biometrie; het bericht is nergens bewaard.',
  },
  CONTRACT_UNKNOWN: {
    status: 400,
    title: 'Dit contract bestaat niet',
    nextStep: 'Gebruik een berichtnummer (M01) of het type (nl.lvv.resident-application.v1).',
  },
  ROUTE_NOT_FOUND: { status: 404, title: 'Dit adres bestaat niet', nextStep: 'Zie docs/adapter-guide.md.' },
  ALARM_UNKNOWN: { status: 404, title: 'Dit alarm staat niet open', nextStep: 'Zie GET /log-alarms.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Deze methode bestaat hier niet', nextStep: 'Zie de header Allow.' },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Het bericht is te groot',
    nextStep: 'Houd het bericht onder de grens van 256 kB.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Dit mediatype wordt niet aanvaard',
    nextStep: 'Gebruik application/json.',
  },
  INTERNAL: { status: 500, title: 'Er ging iets mis in de adapter', nextStep: 'Zie het logboek van de adapter.' },
  GATEWAY_UNREACHABLE: {
    status: 503,
    title: 'De poort is niet bereikbaar',
    nextStep: 'Stuur hetzelfde bericht met hetzelfde id later opnieuw.',
  },
} as const;

export type LocalCode = keyof typeof PROBLEMS;

export class LocalProblem extends Error {
  override readonly name = 'LocalProblem';

  constructor(
    readonly code: LocalCode,
    /** English; never a value from the request. */
    readonly detail: string,
    readonly extra: {
      readonly issues?: readonly ValidationIssue[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly id?: string;
    } = {},
  ) {
    super(`${code}: ${detail}`);
  }

  /** RFC 9457 document in the form of the gateway's own, plus the id under which to send again. */
  document(): ProblemDocument & { readonly id?: string } {
    const { status, title, nextStep } = PROBLEMS[this.code];
    const type = `https://ketenpoort.example/fouten/${this.code.toLowerCase().replaceAll('_', '-')}`;
    const { issues, id } = this.extra;
    return {
      type,
      title,
      status,
      detail: this.detail,
      code: this.code,
      nextStep,
      ...(issues ? { errors: issues } : {}),
      ...(id ? { id } : {}),
    };
  }
}
