import { messageOf, type Step } from './step.js';

/**
 * Readers of a payload that is already valid against its contract. They answer `undefined` or an empty list for an
 * absent property, and never guess: what the contract makes mandatory is read with `required`.
 */
export type Payload = Readonly<Record<string, unknown>>;

export function text(data: Payload, name: string): string | undefined {
  const value = data[name];
  return typeof value === 'string' ? value : undefined;
}

export function texts(data: Payload, name: string): readonly string[] {
  const value = data[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Members that are objects, of an array property. */
export function records(data: Payload, name: string): readonly Payload[] {
  const value = data[name];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function record(data: Payload, name: string): Payload | undefined {
  const value = data[name];
  return isRecord(value) ? value : undefined;
}

/** A mandatory text. Throws when it is absent: the contract was not checked, which is a fault of the caller. */
export function required(data: Payload, name: string): string {
  const value = text(data, name);
  if (value === undefined) throw new Error(`the contract promises ${name}`);
  return value;
}

export function payloadOf(step: Step): Payload {
  return messageOf(step).data;
}

function isRecord(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
