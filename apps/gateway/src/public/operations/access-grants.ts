import { BODY, NO_BODY, OFFICER_CALL } from '../error-groups.js';
import type { Operation } from '../operation.js';

const AMSTERDAM = { oin: '00000099000000000101', name: 'Gemeente Amsterdam (proef)' };
const REQUESTED = {
  id: '9b2f6c1e-3d4a-4f5b-8c7d-6e5f4a3b2c1d',
  kind: 'NATIONAL_VIEW',
  status: 'REQUESTED',
  ground: { code: 'BREACH', nl: 'onderzoek van een inbreuk (AVG art. 33)' },
  requestedBy: AMSTERDAM,
  requestedAt: '2026-11-20T09:00:00.000Z',
  validUntil: '2026-12-01T00:00:00.000Z',
  consents: [{ ...AMSTERDAM, at: '2026-11-20T09:00:00.000Z' }],
  missing: [{ oin: '00000099000000000302', name: 'Dienst Terugkeer en Vertrek (proef)', reason: 'NOT_YET' }],
};
const WHAT =
  'Een landelijk beeld geldt voor de functionaris die het vroeg, en loopt zodra elke verantwoordelijke heeft ingestemd: elke ' +
  'actieve gemeente, IND, DT&V, COA en AVIM. Wie geen FG heeft geregistreerd kan niet instemmen en houdt het tegen. Het ' +
  'eindigt op zijn tijd, of eerder als de vrager of een verantwoordelijke het beëindigt. Ook een landelijk beeld toont geen ' +
  'vertrouwelijke verwerkingen en geen medewerkers van anderen.';
const GRANT = { tag: 'Verwerkingslogboek', parameters: ['GrantId', 'Traceparent'] } as const;
const ERRORS = [...OFFICER_CALL, ...NO_BODY, 'GRANT_NOT_AVAILABLE', 'GRANT_OVER'] as const;

export const ACCESS_GRANT_OPERATIONS = {
  listAccessGrants: {
    tag: 'Verwerkingslogboek',
    summary: 'Gevraagde en lopende landelijke beelden',
    description: `Van uw eigen organisatie; is die verantwoordelijke, dan van allen. ${WHAT}`,
    parameters: ['Traceparent'],
    answer: {
      status: 200,
      description: 'De honderd nieuwste.',
      schema: 'AccessGrantList',
      recorded: true,
      example: { items: [REQUESTED] },
    },
    errors: OFFICER_CALL,
  },
  requestAccessGrant: {
    tag: 'Verwerkingslogboek',
    summary: 'Een landelijk beeld vragen',
    description: `Hoogstens dertig dagen, op een van de vaste gronden, één tegelijk. ${WHAT}`,
    parameters: ['Traceparent'],
    body: {
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/AccessGrantRequest' },
      examples: { breach: { summary: 'Een inbreuk', value: { validUntil: '2026-12-01T00:00:00Z', ground: 'BREACH' } } },
    },
    answer: { status: 201, description: 'Gevraagd.', schema: 'AccessGrant', recorded: true, example: REQUESTED },
    errors: [...OFFICER_CALL, ...BODY, 'GRANT_ALREADY_OPEN'],
  },
  consentToGrant: {
    ...GRANT,
    summary: 'Instemmen met een landelijk beeld',
    description: `Namens uw organisatie, als verantwoordelijke. Twee keer instemmen is één keer. ${WHAT}`,
    answer: {
      status: 200,
      description: 'De stand na uw instemming.',
      schema: 'AccessGrant',
      recorded: true,
      example: { ...REQUESTED, status: 'RUNNING', missing: [] },
    },
    errors: ERRORS,
  },
  endAccessGrant: {
    ...GRANT,
    summary: 'Een landelijk beeld beëindigen',
    description: `Door de organisatie die het vroeg of door een verantwoordelijke, meteen en voor goed. ${WHAT}`,
    answer: {
      status: 200,
      description: 'Beëindigd.',
      schema: 'AccessGrant',
      recorded: true,
      example: { ...REQUESTED, status: 'ENDED', endedAt: '2026-11-21T08:00:00.000Z' },
    },
    errors: ERRORS,
  },
} as const satisfies Record<string, Operation>;
