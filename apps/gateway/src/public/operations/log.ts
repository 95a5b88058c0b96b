import { ANY_CALL } from '../error-groups.js';
import type { Operation } from '../operation.js';

const NOTE = `poort.example/log
1024
n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=

— poort.example/log 3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
— getuige.example/coa yv66vgAAAABlAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==
`;

export const LOG_OPERATIONS = {
  addCosignatures: {
    tag: 'Logboek',
    summary: 'Een controlepunt van het logboek medeondertekenen',
    description:
      'Voor een organisatie met een eigen getuige: stuur het controlepunt (C2SP checkpoint, van `/v1/log/checkpoint` op ' +
      'de openbare ingang) terug met de regel van uw getuige eronder (C2SP tlog-cosignature). Controleer eerst met de ' +
      'tegels dat het voortbouwt op wat u eerder zag, en bewaar het. Hetzelfde nog eens sturen heeft geen gevolg. Toont u ' +
      'een controlepunt dat de poort ondertekende maar niet meer heeft, dan stopt het logboek en komt er alarm.',
    parameters: ['Traceparent'],
    body: {
      mediaType: 'text/plain',
      schema: { type: 'string', description: 'C2SP signed-note, in UTF-8, ten hoogste 8 kB.' },
      examples: { cosigned: { summary: 'Een medeondertekend controlepunt', value: NOTE } },
    },
    answer: { status: 204, description: 'Bewaard.' },
    errors: [
      ...ANY_CALL,
      'BODY_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'WITNESS_UNKNOWN',
      'COSIGNATURE_INVALID',
      'LOG_SMALLER_THAN_WITNESSED',
      'LOG_FORKED',
    ],
  },
} as const satisfies Record<string, Operation>;
