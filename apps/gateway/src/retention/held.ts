/**
 * SQL: whether the case may lose nothing now. A request of the resident (M37) holds it by itself for the three months in
 * which it must be answered at the latest (AVG art. 12(3)); what lasts longer, an operator holds (`retention -- hold`).
 * `caseId` and `now` are SQL: a column and a parameter.
 */
export function isHeld(caseId: string, now: string): string {
  return `(EXISTS (SELECT 1 FROM retention_hold h WHERE h.case_id = ${caseId} AND h.until >= ${now})
    OR EXISTS (SELECT 1 FROM message asked WHERE asked.case_id = ${caseId} AND asked.contract = 'M37'
      AND asked.accepted_at > ${now} - interval '3 months'))`;
}
