/**
 * Condition on deliveries `d`: their ids stand in one parameter, the times of their acceptance in another, each an array.
 * An id is given once, so that the times only say which months to open. Not a join with the pairs: planned while the
 * month was young, it reads all of the month for each of them, and the plan stays until the table is analysed.
 * @param ids number of the parameter with the ids
 * @param times number of the parameter with the times
 */
export function withKeys(ids: number, times: number): string {
  return `d.id = ANY ($${ids}::uuid[]) AND d.accepted_at = ANY ($${times}::timestamptz[])`;
}
