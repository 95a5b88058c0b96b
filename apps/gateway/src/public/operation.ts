import type { ErrorCode } from '../errors.js';
import type { API_ROUTES } from '../http/api-routes.js';
import type { ParameterName } from './parameters.js';
import type { SchemaName } from './response-schemas.js';

export type OperationId = (typeof API_ROUTES)[number]['operationId'];

export const TAGS = {
  Berichten: 'Berichten aanbieden, volgen en ophalen.',
  Postvak: 'Wat er voor u klaarstaat, en melden dat u het hebt.',
  Zaken: 'Raadplegen door een medewerker, voor een doel en met een kenmerk van wie raadpleegt.',
  Toegang: 'Tijdelijke toegang voor leden van een MRT en van de landelijke opschaling.',
  Logboek: 'Meekijken of het verwerkingslogboek alleen groeit.',
  Beleid: 'Vragen wat mag, zonder iets op te vragen; ook in de woorden van AuthZEN.',
  Verwerkingslogboek: 'Voor functionarissen gegevensbescherming: wie zag wat van wie, waarom, en mocht het.',
  Inzage: 'Voor functionarissen gegevensbescherming: het antwoord aan een bewoner op wie zijn gegevens zag.',
  Contracten: 'Schema en voorbeelden van elk bericht.',
} as const;

export interface RequestBody {
  readonly mediaType: string;
  /** A reference to one schema of the document, or to one for each contract. */
  readonly schema: {
    readonly $ref?: string;
    readonly oneOf?: readonly object[];
    readonly discriminator?: object;
    /** A body that is no JSON. */
    readonly type?: 'string';
    readonly description?: string;
  };
  readonly examples: Readonly<Record<string, { readonly summary: string; readonly value: object | string }>>;
}

/** What the documents say of one call of the agency interface; texts are Dutch, names are English. */
export interface Operation {
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly ParameterName[];
  readonly body?: RequestBody;
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    /** Schema and example are absent where the answer has no body. */
    readonly schema?: SchemaName;
    /** The answer names its record in the log in the header `Access-Record`; `officers`: to a person, not to a system. */
    readonly recorded?: true | 'officers';
    readonly example?: unknown;
    /** Media types in which the same comes, beside JSON. */
    readonly alsoAs?: readonly string[];
  };
  /** Every refusal that this call can answer with, those of `error-groups.ts` included. */
  readonly errors: readonly ErrorCode[];
}
