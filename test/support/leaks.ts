import { createHash } from 'node:crypto';

/** Forms in which a value could hide in clear: as it is, in base64 (any alignment), in hex, as plain SHA-256. */
function formsOf(value: string): readonly (readonly [form: string, text: string])[] {
  const bytes = Buffer.from(value, 'utf8');
  // At each alignment the first and last characters depend on the neighbours; what is between them does not.
  const aligned = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(shift === 0 ? 0 : shift + 1, bytes.length % 3 === (3 - shift) % 3 ? undefined : -1);
  });
  const sha = createHash('sha256').update(bytes);
  const digest = sha.digest();
  return [
    ['raw', value],
    ...aligned.map((text) => ['base64', text] as const),
    ['hex', bytes.toString('hex')],
    ['sha-256', digest.toString('hex')],
    ['sha-256', digest.toString('base64url')],
  ];
}

/** Names of the secrets that stand in the text in any of those forms; capitals do not hide them. */
export function leaksIn(text: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  const searched = text.toLowerCase();
  return Object.entries(secrets).flatMap(([name, value]) =>
    formsOf(value)
      .filter(([, form]) => searched.includes(form.toLowerCase()))
      .map(([form]) => `${name} (${form})`),
  );
}
