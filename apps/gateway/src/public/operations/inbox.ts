import { ANY_CALL, BODY } from '../error-groups.js';
import type { Operation } from '../operation.js';

export const INBOX_OPERATIONS = {
  listInbox: {
    tag: 'Postvak',
    summary: 'Notificaties lezen',
    description:
      'Uw notificaties in volgorde en zonder gaten; de weg voor wie geen Kafka gebruikt, en om op te halen wat is gemist. ' +
      'Een notificatie zegt niet over wie het gaat: haal de inhoud op bij `dataref`. Wat is ingetrokken of verwijderd ' +
      'houdt zijn nummer.',
    parameters: ['After', 'Limit', 'WaitSeconds', 'State', 'Traceparent'],
    answer: {
      status: 200,
      description: 'Een bladzijde van het postvak.',
      schema: 'InboxPage',
      example: {
        items: [
          {
            sequence: 42,
            caseSequence: 3,
            state: 'OUTSTANDING',
            messageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12',
            contract: 'nl.lvv.stay-event.v1',
            event: {
              specversion: '1.0',
              id: '01936a5e-7c20-7e44-8d55-66f7a8b9c0d1',
              source: 'urn:nld:oin:00000099000000000001:ketenpoort',
              type: 'nl.lvv.case-notification.v1',
              time: '2026-11-20T10:15:00.123Z',
              dataref: 'https://ketenpoort.example:8443/v1/messages/01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12/content',
              sequence: '42',
              casesequence: '3',
              partitionkey: 'pN0xWcVwE2m1Zc4t',
            },
          },
        ],
        next: 42,
        highest: 42,
      },
    },
    errors: ANY_CALL,
  },
  acknowledgeMessages: {
    tag: 'Postvak',
    summary: 'Melden dat uw systeem berichten heeft',
    description:
      'Meld `taken` pas als uw eigen systeem het bericht heeft; meld `failed` met een code als het niet lukt: dat bericht ' +
      'en de latere van die zaak wachten dan. Een bekendmaking aan DT&V (M05) geldt pas als ontvangen nadat de inhoud is ' +
      'opgehaald. Elke regel krijgt een eigen uitslag.',
    parameters: ['Traceparent'],
    body: {
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/Acknowledgements' },
      examples: {
        taken: {
          summary: 'Eén gelukt, één niet',
          value: {
            acknowledgements: [
              { messageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12', status: 'taken' },
              { messageId: '01936a5e-8d2f-7b3a-8c1e-3f5a7c9d1e23', status: 'failed', code: 'SYSTEM_REFUSED' },
            ],
          },
        },
      },
    },
    answer: {
      status: 200,
      description: 'De uitslag per bericht.',
      schema: 'AcknowledgementResults',
      example: {
        results: [
          { messageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12', status: 'recorded' },
          { messageId: '01936a5e-8d2f-7b3a-8c1e-3f5a7c9d1e23', status: 'refused', code: 'CASE_NOT_AVAILABLE' },
        ],
      },
    },
    errors: [...ANY_CALL, ...BODY],
  },
} as const satisfies Record<string, Operation>;
