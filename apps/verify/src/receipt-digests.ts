import { UsageError } from './options.js';

const HEX = /^[0-9a-f]{64}$/i;
const BASE64URL = /^[\w-]{43}$/;

/** Entry digests as receipts and answers carry them, one a line; gives them in hexadecimal. @throws UsageError */
export function parseDigests(text: string): string[] {
  const digests = text.split('\n').flatMap((untrimmed, position) => {
    const line = untrimmed.trim();
    if (line === '') return [];
    if (HEX.test(line)) return [line.toLowerCase()];
    if (BASE64URL.test(line)) return [Buffer.from(line, 'base64url').toString('hex')];
    throw new UsageError(`--digests: line ${position + 1} is no SHA-256 in base64url or hexadecimal.`);
  });
  // Nothing looked for would read as nothing missing.
  if (digests.length === 0) throw new UsageError('--digests: the file holds no digest.');
  return digests;
}
