/**
 * The time of a record stands in its id: `prepareRecord` makes both from one clock reading. With it a record is found in
 * one monthly partition instead of being looked for in all of them.
 * @param id UUIDv7, lower case
 */
export function recordTime(id: string): Date {
  return new Date(parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
