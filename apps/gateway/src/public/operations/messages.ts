import { ANY_CALL, BODY, PURPOSE } from '../error-groups.js';
import type { Operation } from '../operation.js';
import { messageSchemaName, POSTED, submissionExamples } from '../submission-schemas.js';

const reference = (name: string): string => `#/components/schemas/${name}`;

export const MESSAGE_OPERATIONS = {
  submitMessage: {
    tag: 'Berichten',
    summary: 'Een bericht aanbieden',
    description:
      'Bied één CloudEvent aan (NL GOV profile for CloudEvents). `type` kiest het contract; de OIN in `source` is die ' +
      'van uw certificaat. De poort leidt grondslag en ontvangers zelf af. Na 202 is het bericht aanvaard en vastgelegd: ' +
      'het komt aan, of staat als niet afgeleverd op een lijst. Hetzelfde bericht nog eens (zelfde `source` en `id`) ' +
      'geeft dezelfde ontvangstbevestiging en heeft geen tweede gevolg; met een andere inhoud volgt 409.',
    parameters: ['Traceparent'],
    body: {
      mediaType: 'application/cloudevents+json',
      schema: {
        oneOf: POSTED.map((contract) => ({ $ref: reference(messageSchemaName(contract)) })),
        discriminator: {
          propertyName: 'type',
          mapping: Object.fromEntries(POSTED.map((one) => [one.type, reference(messageSchemaName(one))])),
        },
      },
      examples: submissionExamples(),
    },
    answer: {
      status: 202,
      description: 'Aanvaard en vastgelegd, met een ondertekende ontvangstbevestiging.',
      schema: 'Receipt',
      example: {
        messageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12',
        caseId: '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20',
        acceptedAt: '2026-11-20T10:15:00.123Z',
        receipt: 'eyJhbGciOiJFZERTQSJ9.eyJtZXNzYWdlSWQiOiIuLi4ifQ.c2lnbmF0dXVy',
      },
    },
    errors: [
      ...ANY_CALL,
      ...BODY,
      'CONTRACT_UNKNOWN',
      'FORBIDDEN_IDENTIFIER',
      'SYNTHETIC_DATA_ONLY',
      'SYNTHETIC_DATA_REFUSED',
      'MESSAGE_EXPIRED',
      'SOURCE_MISMATCH',
      'SIGNATURE_INVALID',
      'SENDER_NOT_ENTITLED',
      'PURPOSE_NOT_ALLOWED',
      'NOT_ENTITLED_IN_CASE',
      'CASE_NOT_AVAILABLE',
      'CASE_STATE_CONFLICT',
      'CASE_ALREADY_OPEN',
      'SHELTER_ALREADY_OPEN',
      'STAY_NOT_OPEN',
      'GROUNDS_UNANSWERED',
      'GROUND_REQUIRED',
      'COVENANT_EXPIRED',
      'IDENTITY_MISMATCH',
      'TARGET_NOT_FOUND',
      'PILOT_UNKNOWN',
      'PART_ALREADY_ACCEPTED',
      'MESSAGE_ID_REUSED',
    ],
  },
  getMessageStatus: {
    tag: 'Berichten',
    summary: 'Zien hoe ver een eigen bericht is',
    description: 'Alleen voor de afzender: de stand per ontvanger, met tijden in UTC.',
    parameters: ['MessageId', 'Traceparent'],
    answer: {
      status: 200,
      description: 'De stand per ontvanger.',
      schema: 'MessageStatus',
      example: {
        messageId: '01936a5e-7c1f-7d3a-9b1e-2f4a6c8d0e12',
        contract: 'nl.lvv.stay-event.v1',
        caseId: '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20',
        acceptedAt: '2026-11-20T10:15:00.123Z',
        recipients: [
          {
            oin: '00000099000000000302',
            name: 'Dienst Terugkeer en Vertrek (proef)',
            state: 'TAKEN',
            acceptedAt: '2026-11-20T10:15:00.123Z',
            fetchedAt: '2026-11-20T10:15:01.007Z',
            takenAt: '2026-11-20T10:15:01.420Z',
          },
        ],
      },
    },
    errors: [...ANY_CALL, 'CASE_NOT_AVAILABLE'],
  },
  getMessageContent: {
    tag: 'Berichten',
    summary: 'De inhoud van een bericht ophalen',
    description:
      'Voor een ontvanger: de inhoud, beperkt tot de velden die uw rol voor dit doel mag zien. Elke keer wordt ' +
      'vastgelegd; de header `Access-Record` noemt die regel. Na een correctie (M28) krijgt u de nieuwste versie, na een ' +
      'intrekking (M29) volgt 410. De inhoud is zoals de afzender die schreef: tijden daarin kunnen een eigen tijdzone ' +
      'hebben.',
    parameters: ['MessageId', 'Purpose', 'OptionalUserReference', 'Traceparent'],
    answer: {
      status: 200,
      description: 'De inhoud, met wat is verstrekt en wat is achtergehouden.',
      schema: 'MessageContent',
      recorded: true,
      example: {
        event: {
          specversion: '1.0',
          id: 'voorbeeld-m41',
          source: 'urn:nld:oin:00000099000000000105:voorbeeldsysteem',
          type: 'nl.lvv.stay-event.v1',
          time: '2026-11-20T10:15:00Z',
          datacontenttype: 'application/json',
          purpose: 'P02',
          caseid: '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20',
          data: {
            stay_id: 'b7e0a3f6-6f0c-4f8e-8a9e-3a4f5b6c7d8e',
            event: 'STARTED',
            kind: 'SHELTER',
            on: '2026-11-20',
          },
        },
        released: ['FG01', 'FG08'],
        withheld: ['FG29'],
        accessRecord: {
          id: '01936a5e-7f00-7a11-8c22-93d4e5f60718',
          digest: '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
        },
      },
    },
    errors: [...ANY_CALL, ...PURPOSE, 'GRANT_ENDED', 'CASE_NOT_AVAILABLE', 'WITHDRAWN'],
  },
} as const satisfies Record<string, Operation>;
