import { PEER_KINDS, PURPOSES } from '#contracts/domain.js';
import { SYSTEM_PATTERN } from '#contracts/envelope-forms.js';

const path = { type: 'string', minLength: 1, maxLength: 4096 };
const milliseconds = { type: 'integer', minimum: 10, maximum: 3_600_000 };

function closed(required: readonly string[], properties: Record<string, unknown>): object {
  return { type: 'object', additionalProperties: false, required, properties };
}

const transport = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    closed(['kind', 'brokers'], {
      kind: { const: 'kafka' },
      brokers: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: { type: 'string', pattern: '^[^\\s:]+:[0-9]{1,5}$' },
      },
      certFile: path,
      keyFile: path,
      caFile: path,
    }),
    closed(['kind'], { kind: { const: 'inbox' } }),
  ],
};

const connector = {
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    closed(['kind', 'url'], {
      kind: { const: 'webhook' },
      // In clear only on the machine itself: what goes here is what the gateway released.
      url: { type: 'string', pattern: '^(https://|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])([:/]|$))' },
      caFile: path,
    }),
    closed(['kind', 'path'], { kind: { const: 'folder' }, path }),
  ],
};

const log = closed(['url', 'keys'], {
  url: { type: 'string', pattern: '^https://[^\\s/]+/[^\\s?#]+$', maxLength: 500 },
  keys: { type: 'array', minItems: 1, maxItems: 100, items: { type: 'string', minLength: 1, maxLength: 500 } },
  caFile: path,
  witness: closed(['name', 'keyFile'], { name: { type: 'string', minLength: 1, maxLength: 200 }, keyFile: path }),
  pollMs: { type: 'integer', minimum: 100, maximum: 60_000 },
  proofWithinMs: { type: 'integer', minimum: 1_000, maximum: 3_600_000 },
  sampleEveryMs: { type: 'integer', minimum: 1_000, maximum: 86_400_000 },
});

/** JSON Schema of an agency's configuration file; the types are in config.ts. */
export const CONFIG_SCHEMA = closed(
  [
    'name',
    'oin',
    'kind',
    'system',
    'gateway',
    'transport',
    'contracts',
    'connector',
    'local',
    'secretFile',
    'stateDir',
  ],
  {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,31}$' },
    oin: { type: 'string', pattern: '^[0-9]{8}[0-9A-Za-z]{12}$' },
    kind: { enum: PEER_KINDS },
    pilot: { type: 'string', pattern: '^[A-Z]{3}$' },
    system: { type: 'string', pattern: SYSTEM_PATTERN },
    gateway: closed(['url', 'certFile', 'keyFile', 'caFile'], {
      url: { type: 'string', pattern: '^https://[^\\s/]+/?$' },
      certFile: path,
      keyFile: path,
      caFile: path,
    }),
    transport,
    contracts: {
      type: 'object',
      additionalProperties: closed(['purpose', 'processingActivity'], {
        purpose: { enum: PURPOSES },
        processingActivity: { type: 'string', pattern: '^(https://|urn:)\\S+$', maxLength: 500 },
      }),
    },
    connector,
    local: {
      oneOf: [
        closed(['port'], { port: { type: 'integer', minimum: 0, maximum: 65_535 } }),
        closed(['socket'], { socket: { type: 'string', minLength: 1, maxLength: 100 } }),
      ],
    },
    secretFile: path,
    stateDir: path,
    delivery: closed([], {
      tries: { type: 'integer', minimum: 1, maximum: 100 },
      firstDelayMs: milliseconds,
      maxDelayMs: milliseconds,
      concurrency: { type: 'integer', minimum: 1, maximum: 256 },
    }),
    log,
    logLevel: { enum: ['debug', 'info', 'warn', 'error', 'silent'] },
  },
);
