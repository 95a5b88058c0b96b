import { type Agreed, offer, type ServerHello } from '../../tools/pki/server-hello.js';

/** As many as fit in one record with the rest of the hello. */
const OFFERED_AT_ONCE = 4_096;
const CODE_POINTS = 65_536;
/** Signals in the list of suites, no suites: renegotiation, and a client that comes again with a lower version. */
export const [RENEGOTIATION_SIGNAL, FALLBACK_SIGNAL] = [0x00ff, 0x5600];

/**
 * Everything of one registry that a server agrees to: all code points are offered, what it chooses is taken out, and
 * the rest is offered again until it refuses.
 */
async function sweep(
  ask: (codes: readonly number[]) => Promise<ServerHello>,
  chosen: (agreed: Agreed) => number | null,
): Promise<readonly number[]> {
  const found: number[] = [];
  for (let from = 0; from < CODE_POINTS; from += OFFERED_AT_ONCE) {
    const all = Array.from({ length: OFFERED_AT_ONCE }, (_, index) => from + index);
    const left = new Set(all.filter((code) => code !== RENEGOTIATION_SIGNAL && code !== FALLBACK_SIGNAL));
    for (;;) {
      const answer = await ask([...left]);
      if (answer.refused) break;
      const code = chosen(answer);
      if (code === null || !left.delete(code)) throw new Error(`the server chose ${code}, which nobody offered`);
      found.push(code);
    }
  }
  return found;
}

/** Every cipher suite that the server takes in this version. */
export function suitesOf(port: number, version: number): Promise<readonly number[]> {
  return sweep(
    (suites) => offer(port, { versions: [version], suites }),
    ({ suite }) => suite,
  );
}

/** Every group in which the server exchanges keys, with one of these suites. */
export function groupsOf(port: number, version: number, suites: readonly number[]): Promise<readonly number[]> {
  return sweep(
    (groups) => offer(port, { versions: [version], suites, groups }),
    ({ group }) => group,
  );
}
