/**
 * Attributes of the sender's event that a reader gets beside the projected data (G5). Not `tracestate` and `dataschema`:
 * text of the sender's choice would be a way around the projection. Not `jws`: it signs the whole event, so that guesses
 * at what is withheld could be checked against it. They stay with the stored message.
 */
const SHOWN = [
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'datacontenttype',
  'purpose',
  'caseid',
  'expiresat',
  'traceparent',
];

export function shownAttributes(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event).filter(([name]) => SHOWN.includes(name)));
}
