import { ANY_CALL } from '../error-groups.js';
import type { Operation } from '../operation.js';

export const CONTRACT_OPERATIONS = {
  listContracts: {
    tag: 'Contracten',
    summary: 'Alle berichten van de poort',
    description: 'De berichtencatalogus: wie elk bericht mag sturen, voor welk doel, en wie het krijgt.',
    parameters: ['Traceparent'],
    answer: {
      status: 200,
      description: 'De catalogus.',
      schema: 'ContractList',
      example: {
        items: [
          {
            id: 'M08',
            name: 'IndDossierPart',
            title: 'dossierdeel IND',
            type: 'nl.lvv.ind-dossier-part.v1',
            version: 1,
            kind: 'RESPONSE',
            senders: ['IND'],
            purposes: ['P03'],
            caseId: 'required',
            recipients: [{ kind: 'MUNICIPALITY', purpose: 'P03' }],
            address: '/v1/contracts/ind-dossier-part/versions/1',
          },
        ],
      },
    },
    errors: ANY_CALL,
  },
  getContract: {
    tag: 'Contracten',
    summary: 'Schema en voorbeelden van een bericht',
    description: 'Het JSON Schema van de inhoud, met veldgroep en klasse bij elk veld, en geldige voorbeelden.',
    parameters: ['ContractName', 'ContractVersion', 'Traceparent'],
    answer: {
      status: 200,
      description: 'Schema en voorbeelden.',
      schema: 'ContractDocument',
      example: {
        type: 'nl.lvv.dossier-request.v1',
        dataSchema: { type: 'object', properties: { reason: { enum: ['INTAKE', 'REFRESH', 'TRANSFER', 'RETURN'] } } },
        examples: [{ reason: 'INTAKE' }],
      },
    },
    errors: [...ANY_CALL, 'ROUTE_NOT_FOUND'],
  },
} as const satisfies Record<string, Operation>;
