import { CONTRACTS } from '#contracts/catalogue.js';
import { contractExamples, contractSchema } from '#contracts/contract-documents.js';
import type { Contract } from '#contracts/contract.js';
import type { PeerKind } from '#contracts/domain.js';
import { ENVELOPE_SCHEMA } from '#contracts/generated/schemas.js';

/** Contracts that an agency may post; the gateway makes the others itself. */
export const POSTED = CONTRACTS.filter((contract) => contract.senders.length > 0);

const EXAMPLE_CASE_ID = '4d0f1c7e-58b1-4c38-9a53-0d3c1b7e9f20';
/** Test OINs (prefix 00000099), one for each kind of organisation that sends. */
const EXAMPLE_OINS: Readonly<Partial<Record<PeerKind, string>>> = {
  MUNICIPALITY: '00000099000000000105',
  NGO: '00000099000000000201',
  IND: '00000099000000000301',
  DTV: '00000099000000000302',
  AVIM: '00000099000000000303',
  COA: '00000099000000000304',
};
/** How the gateway treats a value; readers of the interface need only group and class. */
const INTERNAL_ANNOTATIONS = new Set(['$schema', '$id', 'x-levels', 'x-values']);

/** Name of the schema of a whole message, beside that of its payload. */
export function messageSchemaName(contract: Contract): string {
  return `${contract.name}Message`;
}

/** Payload and message schema of every contract that an agency may post, for `components.schemas`. */
export function submissionSchemas(): Record<string, unknown> {
  const entries = POSTED.flatMap((contract) => [
    [contract.name, forReaders(contractSchema(contract.id))] as const,
    [messageSchemaName(contract), messageSchema(contract)] as const,
  ]);
  return Object.fromEntries(entries);
}

/** One CloudEvent for each valid example of each contract: `M01`, `M01-2`. */
export function submissionExamples(): Record<string, { summary: string; value: object }> {
  const entries = POSTED.flatMap((contract) =>
    exampleEvents(contract).map((value, index) => {
      const number = index === 0 ? '' : String(index + 1);
      const summary = `${contract.id} ${contract.dutch} ${number}`.trim();
      return [number ? `${contract.id}-${number}` : contract.id, { summary, value }] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** The valid examples of a contract as an agency would post them. */
export function exampleEvents(contract: Contract): object[] {
  const oin = EXAMPLE_OINS[contract.senders[0] ?? 'MUNICIPALITY'] ?? '';
  return contractExamples(contract.id).map((data, index) => ({
    specversion: '1.0',
    id: `voorbeeld-${contract.id.toLowerCase()}-${index + 1}`,
    source: `urn:nld:oin:${oin}:voorbeeldsysteem`,
    type: contract.type,
    time: '2026-11-20T10:15:00Z',
    datacontenttype: 'application/json',
    purpose: contract.purposes[0],
    ...(contract.caseId === 'required' ? { caseid: EXAMPLE_CASE_ID } : {}),
    data,
  }));
}

/** The envelope narrowed to one contract, so that a validator names what is wrong and not "none of sixteen". */
function messageSchema(contract: Contract): object {
  const { caseid, data: _anyData, ...attributes } = ENVELOPE_SCHEMA.properties;
  const required = contract.caseId === 'required' ? [...ENVELOPE_SCHEMA.required, 'caseid'] : ENVELOPE_SCHEMA.required;
  return {
    title: messageSchemaName(contract),
    description: `${contract.id} ${contract.dutch}. Afzender: ${contract.senders.join(', ')}.`,
    type: 'object',
    additionalProperties: false,
    required,
    properties: {
      ...attributes,
      type: { const: contract.type },
      purpose: { enum: contract.purposes },
      ...(contract.caseId === 'none' ? {} : { caseid }),
      data: { $ref: `#/components/schemas/${contract.name}` },
    },
  };
}

/** The schema without the gateway's own annotations. A date that may be incomplete says so in its format. */
function forReaders(schema: unknown, name = ''): unknown {
  if (Array.isArray(schema)) return schema.map((item) => forReaders(item));
  if (typeof schema === 'string') return name === 'pattern' ? withoutUnicodeClasses(schema) : schema;
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema)
    .filter(([key]) => !INTERNAL_ANNOTATIONS.has(key))
    .map(([key, value]) => [key, forReaders(value, key)] as const);
  const copy = Object.fromEntries(entries);
  return name === 'birth_date' && !('format' in copy) ? { ...copy, format: 'partial-date' } : copy;
}

/**
 * Many tools read patterns without the unicode flag and would then refuse every name. What stands here instead lets
 * through a little more than the gateway does.
 */
function withoutUnicodeClasses(pattern: string): string {
  return pattern.replaceAll('\\p{L}\\p{M}', 'A-Za-z\\u00aa-\\uffff');
}
