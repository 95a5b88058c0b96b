import fc from 'fast-check';

/** Stands in every value that was made up to break something; no refusal may repeat it. */
export const PLANTED = 'PLANTED-8231';

/** What a value is replaced by: another type, a boundary, text that some reader stumbles over. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER + 1,
  '',
  ' ',
  PLANTED,
  `${PLANTED}'; DROP TABLE message; --`,
  `${PLANTED}\r\nce_id: x`,
  `${PLANTED}\u0000`,
  `${PLANTED}\ud800`,
  `${PLANTED}\u202e\u{1f980}`,
  `../../${PLANTED}`,
  `\${jndi:ldap://${PLANTED}}`,
  PLANTED.repeat(2_000),
  '__proto__',
  'constructor',
  '2026-02-30',
  '9999-12-31T23:59:59-23:59',
  [],
  [[PLANTED]],
  {},
  { [PLANTED]: PLANTED },
  { toString: PLANTED },
];

const ODD_NAMES = [PLANTED, 'toString', 'hasOwnProperty', 'then', '', '\u0000', 'ID', 'data ', 'subject', 'bsn'];

type Node = Record<string, unknown> | unknown[];

/** The value with up to three of its places dropped, retyped or doubled, or with something more in it. */
export function spoilt(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('drop', 'replace', 'replace', 'add', 'wrap'),
    odd: fc.constantFrom(...ODD_VALUES),
    name: fc.constantFrom(...ODD_NAMES),
  });
  return fc.tuple(value, fc.array(change, { minLength: 1, maxLength: 3 })).map(([whole, changes]) => {
    const root = { whole: structuredClone(whole) };
    for (const { at, how, odd: one, name } of changes) {
      // Its own copy: the next change may be made inside it, and a value put into itself is no JSON.
      const odd = structuredClone(one);
      const places = placesIn(root);
      const place = places[at % places.length];
      if (!place) continue;
      const [parent, key] = place;
      const held = (parent as Record<string, unknown>)[key];
      if (how === 'drop') delete (parent as Record<string, unknown>)[key];
      else if (how === 'wrap') (parent as Record<string, unknown>)[key] = [held];
      else if (how === 'add' && isNode(held) && !Array.isArray(held)) held[name] = odd;
      else (parent as Record<string, unknown>)[key] = odd;
    }
    return root.whole;
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** Every member of every object and array within, the whole included. */
function placesIn(root: Node): [parent: Node, key: string][] {
  return Object.entries(root).flatMap(([key, held]) => [
    [root, key] as [Node, string],
    ...(isNode(held) ? placesIn(held) : []),
  ]);
}

/** The bytes of a body that are no JSON any more, or another document than they seem. */
export function spoiltText(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(text, fc.nat(), fc.nat({ max: 5 })).map(([whole, at, how]) => {
    const cut = at % (whole.length + 1);
    switch (how) {
      case 0:
        return whole.slice(0, cut);
      case 1:
        return `${whole}${whole}`;
      case 2:
        return `\ufeff${whole}`;
      case 3:
        return whole.replace('{', `{"__proto__":{"x":"${PLANTED}"},`);
      case 4:
        return whole.replace('{', '{"id":"a","\\u0069d":"b",');
      default:
        return '['.repeat(200) + whole;
    }
  });
}
