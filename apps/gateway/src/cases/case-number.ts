const SERIAL_DIGITS = 6;

/**
 * The readable case number `LVV-<pilot>-<yyyy>-<6 digits>` (domain 2.2). The serial says nothing about the person; the
 * year is that of the local date on which the case opened. Throws when the serial does not fit.
 */
export function formatCaseNumber(pilot: string, year: number, serial: number): string {
  if (!/^[A-Z]{3}$/.test(pilot)) throw new Error('a pilot code has three capitals');
  if (!Number.isInteger(year) || year < 1000 || year > 9999)
    throw new Error('a case number needs a year of four digits');
  if (!Number.isInteger(serial) || serial < 1 || serial >= 10 ** SERIAL_DIGITS) {
    throw new Error('the serial of a case number lies between 1 and 999999');
  }
  return `LVV-${pilot}-${year}-${String(serial).padStart(SERIAL_DIGITS, '0')}`;
}
