/** What may never be exchanged here (domain 2.2): BSN and SKN numbers and anything biometric. */
export interface ForbiddenFinding {
  readonly kind: 'BSN' | 'SKN' | 'BIOMETRIC';
}

const FORBIDDEN_NAMES: readonly (readonly [ForbiddenFinding['kind'], RegExp])[] = [
  [
    'BSN',
    /^(.*_)?(bsn|burgerservicenummer|burger_service_nummer|citizen_service_number|sofinummer|sofi_nummer)(_.*)?$/,
  ],
  ['SKN', /^(.*_)?(skn|strafrechtsketennummer|criminal_chain_number|vip_nummer)(_.*)?$/],
  [
    'BIOMETRIC',
    /^(.*_)?(biometr[a-z]*|fingerprints?|vingerafdruk(ken)?|dactyl[a-z]*|photos?|foto_?s?|pasfoto|face_image|iris|gelaatsscan)(_.*)?$/,
  ],
];

const PHONE = /^\+?[0-9][0-9 ()-]{7,16}$/;
const BSN_CANDIDATE = /(?<![0-9A-Za-z])[0-9](?:[ .-]?[0-9]){8}(?![0-9A-Za-z])(?!-[0-9A-Fa-f])/g;
const MACHINE_VALUE = /^(urn:|https?:|[0-9a-f]{8}-[0-9a-f]{4}-|[0-9]{4}-[0-9]{2}(-[0-9]{2})?)/i;
/** Attributes that hold machine values only and are checked by their own patterns. */
const MACHINE_NAMES = new Set(['traceparent', 'tracestate', 'jws']);
const PHONE_NAMES = new Set(['phone', 'telephone']);
/** Below it a number is a count or a year; BSNs have lost at most one leading zero. */
const SMALLEST_BSN = 10_000_000;
const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1];

/**
 * Looks for forbidden identifiers wherever they stand, whatever the field is called: by name (also of unknown properties)
 * and by value, a nine-digit number that passes the eleven-test, as number or in text. The depth is that of the parser.
 * Returns the kind alone, never the value or its place.
 */
export function findForbiddenIdentifier(value: unknown, name = ''): ForbiddenFinding | null {
  if (typeof value === 'string') return textHoldsBsn(value, name) ? { kind: 'BSN' } : null;
  if (typeof value === 'number')
    return value >= SMALLEST_BSN && isBsn(String(value).padStart(9, '0')) ? { kind: 'BSN' } : null;
  if (value === null || typeof value !== 'object') return null;
  if (Array.isArray(value)) return firstOf(value.map((item) => () => findForbiddenIdentifier(item, name)));
  return firstOf(
    Object.entries(value).map(
      ([key, member]) =>
        () =>
          forbiddenName(key) ??
          (textHoldsBsn(key, '') ? { kind: 'BSN' as const } : findForbiddenIdentifier(member, key)),
    ),
  );
}

function firstOf(looks: readonly (() => ForbiddenFinding | null)[]): ForbiddenFinding | null {
  for (const look of looks) {
    const found = look();
    if (found) return found;
  }
  return null;
}

function forbiddenName(key: string): ForbiddenFinding | null {
  const words = key
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
  const found = FORBIDDEN_NAMES.find(([, pattern]) => pattern.test(words));
  return found ? { kind: found[0] } : null;
}

function textHoldsBsn(text: string, name: string): boolean {
  if (MACHINE_NAMES.has(name) || MACHINE_VALUE.test(text) || (PHONE_NAMES.has(name) && PHONE.test(text))) return false;
  return (text.match(BSN_CANDIDATE) ?? []).some((candidate) => isBsn(candidate.replace(/[ .-]/g, '')));
}

/** The eleven-test over exactly nine digits; nine zeros pass it and are no BSN. */
function isBsn(digits: string): boolean {
  if (!/^[0-9]{9}$/.test(digits) || /^0{9}$/.test(digits)) return false;
  return WEIGHTS.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0) % 11 === 0;
}
