import { createHash } from 'node:crypto';

/** A place where a value could have been left behind, as text. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

export interface Leak {
  readonly place: string;
  readonly value: string;
  readonly form: string;
}

interface Form {
  readonly form: string;
  readonly text: string;
  readonly anyCase: boolean;
}

/** How a value looks when it was copied, encoded or hashed without a key; each text once. */
export function formsOf(value: string): readonly Form[] {
  const bytes = Buffer.from(value, 'utf8');
  const sha = createHash('sha256').update(bytes).digest();
  const anyCase = { anyCase: true };
  const exact = { anyCase: false };
  const forms = [
    { form: 'raw', text: value, ...anyCase },
    { form: 'percent-encoded', text: encodeURIComponent(value), ...anyCase },
    { form: 'hex', text: bytes.toString('hex'), ...anyCase },
    ...[0, 1, 2].flatMap((offset) => [
      { form: `base64 at ${offset}`, text: base64Within(bytes, offset, 'base64'), ...exact },
      { form: `base64url at ${offset}`, text: base64Within(bytes, offset, 'base64url'), ...exact },
    ]),
    { form: 'SHA-256 in hex', text: sha.toString('hex'), ...anyCase },
    { form: 'SHA-256 in base64', text: sha.toString('base64').replace('=', ''), ...exact },
    { form: 'SHA-256 in base64url', text: sha.toString('base64url'), ...exact },
  ];
  return forms.filter((one, index) => forms.findIndex(({ text }) => text === one.text) === index);
}

/** The characters that do not depend on what stands before and after the value in what was encoded. */
function base64Within(bytes: Buffer, offset: number, encoding: 'base64' | 'base64url'): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString(encoding)
    .replaceAll('=', '');
  const shared = (offset + bytes.length) % 3 === 0 ? 0 : 1;
  return text.slice(offset === 0 ? 0 : offset + 1, text.length - shared);
}

/** Every planted value in every place in every form. */
export function findLeaks(values: readonly string[], places: readonly Place[]): readonly Leak[] {
  const forms = values.flatMap((value) => formsOf(value).map((form) => ({ value, ...form })));
  return places.flatMap(({ name, text }) => {
    const lower = text.toLowerCase();
    return forms
      .filter((one) => (one.anyCase ? lower.includes(one.text.toLowerCase()) : text.includes(one.text)))
      .map(({ value, form }) => ({ place: name, value, form }));
  });
}

/** Names of the secrets that stand in the text in any form. */
export function leaksIn(text: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(secrets).flatMap(([name, value]) =>
    findLeaks([value], [{ name, text }]).map(({ form }) => `${name} (${form})`),
  );
}
