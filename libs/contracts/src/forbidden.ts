import { PROPERTY_RULES } from './generated/property-rules.js';
import { ENVELOPE_SCHEMA } from './generated/schemas.js';

/** What may never be exchanged here (domain 2.2): BSN and SKN numbers and anything biometric. */
export interface ForbiddenFinding {
  readonly kind: 'BSN' | 'SKN' | 'BIOMETRIC';
}

const FORBIDDEN_NAMES: readonly (readonly [ForbiddenFinding['kind'], RegExp])[] = [
  [
    'BSN',
    /^(.*_)?(bsn|burgerservicenummer|burger_service_nummer|citizen_service_number|sofinummer|sofi_nummer)(nr|nummer|number)?[0-9]*(_.*)?$/,
  ],
  [
    'SKN',
    /^(.*_)?(skn|strafrechtsketennummer|strafrechtsketen_nummer|criminal_chain_number|vip_?nummer)(nr|nummer|number)?[0-9]*(_.*)?$/,
  ],
  [
    'BIOMETRIC',
    /^(.*_)?(biometr[a-z]*|finger_?prints?|vingerafdruk(ken)?|dactyl[a-z]*|photos?|foto_?s?|pasfoto_?s?|face_image|iris(_?scan)?|gelaatsscan)[0-9]*(_.*)?$/,
  ],
];

/** Where one word of a name ends and the next begins: `citizenBsn`, `BSNNumber`. */
const WORD_BOUNDARY = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g;
/** Ten digits or more: a phone number of nine is none in the Netherlands, and could be a BSN. */
const PHONE = /^(?=(?:[^0-9]*[0-9]){10})\+?[0-9][0-9 ()-]{7,16}$/;
const BSN_CANDIDATE = /(?<![0-9A-Za-z])[0-9](?:[ .,_/-]{0,2}[0-9]){8}(?![0-9A-Za-z])(?!-[0-9A-Fa-f])/g;
/** A number that is announced as one stands free, also when written in one word: `BSN111222333`. */
const ANNOUNCED = /(?:bsn|sofi|burgerservice)(?:nummer|nr)?(?=[0-9])/gi;
/** Fractions and offsets of a time of day, and versions such as `2026-11-20-1`, are no numbers of persons. */
const DATE_TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$/i;
const DATE = /(?<![0-9])(?:19|20)[0-9]{2}([-.])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])(?![0-9])/g;
/** A V-number or a UUID as the contracts write them: no nine digits stand free in either. */
const LONGER_THAN_A_BSN = /^(?:[0-9]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
/** Attribute of the envelope that holds a signature, which is verified. */
const SIGNATURE = 'jws';
const PHONE_NAMES = new Set(['phone', 'telephone']);
/** Below it a number is a count or a year; BSNs have lost at most one leading zero. */
const SMALLEST_BSN = 10_000_000;
const BSN_DIGITS = 9;
const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1];
const BSN: ForbiddenFinding = { kind: 'BSN' };
const KNOWN_NAMES = knownNames();

/**
 * Looks for forbidden identifiers wherever they stand in an event, whatever the field is called: by name (also of
 * unknown properties) and by value, a nine-digit number that passes the eleven-test, as number or in text. The depth is
 * that of the parser. Returns the kind alone, never the value or its place.
 */
export function findForbiddenIdentifier(event: unknown): ForbiddenFinding | null {
  if (event === null || typeof event !== 'object' || Array.isArray(event)) return look(event, '');
  return lookAtMembers(event as Readonly<Record<string, unknown>>, SIGNATURE);
}

function look(value: unknown, name: string): ForbiddenFinding | null {
  if (typeof value === 'string') return textHoldsBsn(value, name) ? BSN : null;
  if (typeof value === 'number') return numberIsBsn(value) ? BSN : null;
  if (value === null || typeof value !== 'object') return null;
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = look(item, name);
      if (found) return found;
    }
    return null;
  }
  return lookAtMembers(value as Readonly<Record<string, unknown>>, null);
}

function lookAtMembers(object: Readonly<Record<string, unknown>>, except: string | null): ForbiddenFinding | null {
  for (const key of Object.keys(object)) {
    if (key === except) continue;
    const found = lookAtName(key) ?? look(object[key], key);
    if (found) return found;
  }
  return null;
}

function lookAtName(key: string): ForbiddenFinding | null {
  if (KNOWN_NAMES.has(key)) return null;
  return forbiddenName(key) ?? (textHoldsBsn(key, '') ? BSN : null);
}

/** Names that the contracts use, judged once instead of in every message. */
function knownNames(): ReadonlySet<string> {
  const inPayloads = Object.values(PROPERTY_RULES).flatMap((rules) =>
    rules.flatMap(({ pointer }) => pointer.split('/')),
  );
  const names = [...Object.keys(ENVELOPE_SCHEMA.properties), ...inPayloads];
  return new Set(names.filter((name) => forbiddenName(name) === null && !textHoldsBsn(name, '')));
}

function forbiddenName(key: string): ForbiddenFinding | null {
  const words = plain(key)
    .replace(WORD_BOUNDARY, '_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
  const found = FORBIDDEN_NAMES.find(([, pattern]) => pattern.test(words));
  return found ? { kind: found[0] } : null;
}

function textHoldsBsn(given: string, name: string): boolean {
  if (hasTooFewDigits(given) || LONGER_THAN_A_BSN.test(given)) return false;
  const text = plain(given);
  if (DATE_TIME.test(text) || (PHONE_NAMES.has(name) && PHONE.test(text))) return false;
  const free = text.replace(DATE, 'date').replace(ANNOUNCED, ' ');
  return (free.match(BSN_CANDIDATE) ?? []).some((candidate) => isBsn(candidate.replace(/[^0-9]/g, '')));
}

/** Most texts: letters of ASCII and fewer than nine digits. Other letters may be digits in disguise (see `plain`). */
function hasTooFewDigits(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char > 0x7f) return false;
    if (char >= 0x30 && char <= 0x39) digits += 1;
  }
  return digits < BSN_DIGITS;
}

function numberIsBsn(value: number): boolean {
  const size = Math.abs(value);
  return size >= SMALLEST_BSN && isBsn(String(size).padStart(9, '0'));
}

/** Digits of another width are digits. */
function plain(text: string): string {
  return text.normalize('NFKC');
}

/** The eleven-test over exactly nine digits; nine zeros pass it and are no BSN. */
function isBsn(digits: string): boolean {
  if (!/^[0-9]{9}$/.test(digits) || /^0{9}$/.test(digits)) return false;
  return WEIGHTS.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0) % 11 === 0;
}
