/** What V8 writes with `--cpu-prof`, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Share {
  readonly group: string;
  /** Of the busy time; idle time is none. */
  readonly share: number;
}

/** By what is sampled, function or file; the first that fits counts. */
const GROUPS: readonly (readonly [group: string, fits: RegExp])[] = [
  ['waiting (not counted)', /^\(idle\) /],
  ['garbage collection', /^\(garbage collector\) /],
  ['native code: TLS, sockets, the event loop', /^\(program\) |node:_?tls|node:internal\/(tls|stream_base_commons)|node:net/],
  ['cryptography', /node:internal\/crypto|content-crypto|(sign|verify|Hash|Cipher|Hmac)\S* node:|^(update|final|digest|sign) /i],
  ['JSON: reading, canonical form', /strict-json|safe-stable-stringify|contracts\/src\/(canonical|digest)|^(parse|stringify) /],
  ['contract validation', /\/ajv|validate|validators|contracts\//],
  ['PostgreSQL client', /\/pg(-[a-z]+)?\/|typeorm/],
  ['HTTP: Node, Fastify, Nest', /node:_?http|node:internal\/(http|streams)|node:(events|internal\/(timers|process|async))|fastify|find-my-way|light-my-request|@nestjs|rxjs|gateway\/src\/http/],
  ['the case process', /gateway\/src\/cases/],
  ['accepting: decisions and rows', /gateway\/src\/(exchange|delivery|storage)/],
  ['access log', /gateway\/src\/access-log|libs\/ledger/],
  ['peers and certificates', /gateway\/src\/peers|libs\/identity/],
  ['loading the program', /node:internal\/modules|node:internal\/(vm|bootstrap)|^compile/],
]; // prettier-ignore
const REST = 'all else';

/** Self time by group, the largest first. */
export function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): readonly Share[] {
  const groupOf = new Map(
    nodes.map(({ id, callFrame: { functionName, url } }) => {
      const text = `${functionName} ${url}`;
      return [id, GROUPS.find(([, fits]) => fits.test(text))?.[0] ?? REST] as const;
    }),
  );
  const times = new Map<string, number>();
  samples.forEach((id, place) => {
    const group = groupOf.get(id) ?? REST;
    times.set(group, (times.get(group) ?? 0) + (timeDeltas[place] ?? 0));
  });
  times.delete('waiting (not counted)');
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([group, time]) => ({ group, share: time / busy })).sort((a, b) => b.share - a.share);
}
