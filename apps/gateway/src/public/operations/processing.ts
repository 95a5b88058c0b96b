import { BODY, OFFICER_CALL } from '../error-groups.js';
import type { Operation } from '../operation.js';

export const PROCESSING_OPERATIONS = {
  searchProcessing: {
    tag: 'Verwerkingslogboek',
    summary: 'Logboek Dataverwerkingen lezen',
    description:
      'De leesextensie van de standaard Logboek Dataverwerkingen (0.9): dezelfde regels als in het verwerkingslogboek, als ' +
      'spans. Noem een trace, een verwerkingsactiviteit of een betrokkene; voor een betrokkene staat het V-nummer in de body. ' +
      'Alleen met een verwerkingsactiviteit is de periode hoogstens 31 dagen. Er staat nooit een medewerker in. Alleen voor ' +
      'een functionaris gegevensbescherming (FG), over regels die de eigen organisatie betreffen; elke vraag wordt zelf een regel.',
    parameters: ['Traceparent'],
    body: {
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/ProcessingSearch' },
      examples: {
        trace: { summary: 'Eén trace', value: { traceId: '0af7651916cd43dd8448eb211c80319c' } },
        subject: {
          summary: 'Eén betrokkene (verzonnen)',
          value: {
            'dpl.core.data_subject_id': '0000123456',
            'dpl.core.data_subject_id_type': 'Vreemdelingennummer',
          },
        },
      },
    },
    answer: {
      status: 200,
      description: 'De verwerkingen.',
      schema: 'ProcessingList',
      recorded: true,
      example: {
        processingActivities: [
          {
            traceId: '0af7651916cd43dd8448eb211c80319c',
            spanId: 'b7ad6b7169203331',
            status: 'Ok',
            name: 'content.read',
            startTime: 1_763_630_000_000,
            endTime: 1_763_630_000_000,
            resource: { attributes: { 'service.name': 'ketenpoort' } },
            attributes: {
              'dpl.core.processing_activity_id': 'https://ketenpoort.example/verwerkingen/dossier',
              'dpl.core.foreign_operation.processor': 'urn:nld:oin:00000099000000000105',
            },
          },
        ],
      },
    },
    errors: [...OFFICER_CALL, ...BODY, 'SEARCH_TOO_BROAD'],
  },
} as const satisfies Record<string, Operation>;
