import { ANY_CALL, BODY } from '../error-groups.js';
import type { Operation } from '../operation.js';

const ACCESS_RECORD = {
  id: '01936a5e-7f00-7a11-8c22-93d4e5f60718',
  digest: '3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
};
const GRANT = {
  grantId: '01936a5e-9a10-7c55-8e66-77f8a9b0c1d2',
  kind: 'MRT',
  member: '00000099000000000205',
  validFrom: '2026-11-20T10:15:00.123Z',
  validUntil: '2026-12-11T23:00:00.000Z',
};
const CALL = {
  tag: 'Toegang',
  errors: [...ANY_CALL, ...BODY, 'CASE_NOT_AVAILABLE', 'NOT_ENTITLED_IN_CASE'],
} as const;

export const GRANT_OPERATIONS = {
  giveGrant: {
    ...CALL,
    summary: 'Iemand tijdelijk toegang geven tot een zaak',
    description:
      'Alleen de gemeente van de zaak geeft toegang, aan een medewerker van een partij: voor een MRT van gemeente, ngo, IND ' +
      'of DT&V, voor de landelijke opschaling van IND of DT&V. Die leest met doel P07 of P08 en de eigen User-Reference, en ' +
      'ziet nooit meer dan de eigen organisatie mag zien. De toegang duurt hoogstens 30 dagen.',
    parameters: ['CaseId', 'OptionalUserReference', 'Traceparent'],
    body: {
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/NewGrant' },
      examples: {
        mrt: {
          summary: 'Een specialist van de IND in het MRT',
          value: {
            kind: GRANT.kind,
            member: GRANT.member,
            person: 'medewerker-4711',
            validUntil: GRANT.validUntil,
            basis: 'LSO-2026-0114',
          },
        },
      },
    },
    answer: {
      status: 201,
      description: 'De toegang loopt.',
      schema: 'Grant',
      recorded: true,
      example: { ...GRANT, accessRecord: ACCESS_RECORD },
    },
    errors: [...CALL.errors, 'PURPOSE_ENDED', 'GRANT_MEMBER_REFUSED', 'GRANT_TERM_REFUSED'],
  },
  endGrant: {
    ...CALL,
    summary: 'Tijdelijke toegang beëindigen',
    description:
      'Zodra het advies of de uitkomst er is, of eerder. Daarna wordt elke vraag met deze toegang geweigerd.',
    parameters: ['CaseId', 'GrantId', 'OptionalUserReference', 'Traceparent'],
    body: {
      mediaType: 'application/json',
      schema: { $ref: '#/components/schemas/GrantEnd' },
      examples: { advice: { summary: 'Het advies is gegeven', value: { reason: 'ADVICE_GIVEN' } } },
    },
    answer: {
      status: 200,
      description: 'De toegang is geëindigd.',
      schema: 'Grant',
      recorded: true,
      example: { ...GRANT, endedAt: '2026-11-27T14:00:00.000Z', accessRecord: ACCESS_RECORD },
    },
  },
} as const satisfies Record<string, Operation>;
