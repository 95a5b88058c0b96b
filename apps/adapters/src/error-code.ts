/**
 * Code of an error for logs and answers. The code only: messages of parsers and clients may quote an address, or a piece
 * of what they choked on.
 */
export function errorCode(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : 'UNKNOWN';
}
