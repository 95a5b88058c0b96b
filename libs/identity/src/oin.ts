/** 20 positions; the main number may be alphanumeric, so digits alone are not enough (OIN-Stelsel, standards 1.4). */
const OIN = /^[0-9]{8}[0-9A-Za-z]{12}$/;
const TEST_PREFIX = '00000099';
const SOURCE = /^urn:nld:oin:([0-9]{8}[0-9A-Za-z]{12}):([0-9A-Za-z][0-9A-Za-z._-]{0,63})$/;

export interface Oin {
  readonly value: string;
  /** Register that gave the number out: `00000001` RSIN, `00000003` KvK, `00000099` test. */
  readonly prefix: string;
  /** The other 12 positions: main number with its suffix. */
  readonly main: string;
}

/** Whether `text` has the form of an organisation identification number (C05). */
export function isOin(text: string): boolean {
  return OIN.test(text);
}

/** The parts of an OIN, or null for anything that is not exactly one. */
export function parseOin(text: string): Oin | null {
  return isOin(text) ? { value: text, prefix: text.slice(0, 8), main: text.slice(8) } : null;
}

/** Test OINs (prefix 00000099) may be used by anyone: production refuses them and the demo refuses all others. */
export function isTestOin(text: string): boolean {
  return isOin(text) && text.startsWith(TEST_PREFIX);
}

/** The OIN in a CloudEvents source `urn:nld:oin:<oin>:<system>`, or null if the source has another form. */
export function sourceOin(source: string): string | null {
  return SOURCE.exec(source)?.[1] ?? null;
}
