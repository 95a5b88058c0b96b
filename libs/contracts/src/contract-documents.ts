import type { ContractId } from './contract.js';
import { EXAMPLES } from './generated/examples.js';
import { MESSAGE_SCHEMAS } from './generated/schemas.js';

/** JSON Schema 2020-12 of a payload, with its annotations. */
export function contractSchema(id: ContractId): object {
  const schema = MESSAGE_SCHEMAS[id];
  if (!schema) throw new Error(`no schema for ${id}`);
  return schema;
}

/** Valid payloads, invented persons only. */
export function contractExamples(id: ContractId): readonly unknown[] {
  return EXAMPLES[id] ?? [];
}
