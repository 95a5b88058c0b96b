import { randomUUID } from 'node:crypto';
import { AgencyClient, type AgencyTls } from './agency-client.js';

/** What stands in a template for what differs from request to request. Each is as long as what takes its place. */
export const PLACE = {
  id: '@@@@@@@@-id@@-@@@@-@@@@-@@@@@@@@@@@@',
  caseId: '@@@@@@@@-case-@@@@-@@@@-@@@@@@@@@@@@',
  vNumber: '@@vnumber@',
  /** With its quotes, since a number takes the place of the string. */
  version: '"@@version@@"',
} as const;

export interface Shots {
  /** Base address of what is measured. */
  readonly url: string;
  /** Default POST. A GET has no body: its templates stay empty. */
  readonly method?: 'GET' | 'POST';
  /** May name its case, or whatever has an id. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The status of a right answer. */
  readonly expect: number;
  /** Request n is sent by sender n modulo their number, with its own certificate, connections and template. */
  readonly senders: readonly { readonly tls: AgencyTls; readonly template: string }[];
  /** Shared by all senders. */
  readonly connections: number;
  /** Request n is about case n; null: about none. */
  readonly cases: { readonly ids: readonly string[]; readonly vNumbers: readonly string[] } | null;
  /** Whether a case may be written about again, with the next version, once there has been a message about each. */
  readonly again: boolean;
}

const WRONG_BYTES = 500;

type Place = keyof typeof PLACE;
type Piece = string | { readonly place: Place };

/** Requests whose bodies cost next to nothing: the template is cut once, and a shot fills in what differs. */
export class Shooter {
  private readonly senders: readonly { readonly client: AgencyClient; readonly pieces: readonly Piece[] }[];
  private readonly path: readonly Piece[];
  private next = 0;
  /** The start of the last answer that was not the right one: so that a failed load says why. */
  lastWrong: string | null = null;

  constructor(private readonly shots: Shots) {
    const { senders, url, connections } = shots;
    const each = Math.max(1, Math.round(connections / senders.length));
    this.path = piecesOf(shots.path);
    this.senders = senders.map(({ tls, template }) => ({
      client: new AgencyClient({ url, tls, connections: each }),
      pieces: piecesOf(template),
    }));
  }

  /** How many requests have been sent since the beginning. */
  get sent(): number {
    return this.next;
  }

  /** Sends the next request; the body of the answer when it was the right one, else null. */
  async fire(): Promise<Buffer | null> {
    const { cases, method = 'POST', headers, expect, again } = this.shots;
    const n = this.next++;
    if (cases && n >= cases.ids.length && !again) throw new Error('there are no more cases to write about');
    const sender = this.senders[n % this.senders.length];
    if (!sender) throw new Error('nobody sends');
    const path = this.filled(this.path, n);
    const body = method === 'POST' ? { body: this.filled(sender.pieces, n) } : {};
    const answer = await sender.client.call({ method, path, headers, ...body });
    if (answer.status === expect) return answer.body;
    this.lastWrong = `${answer.status} ${answer.body.toString('utf8', 0, WRONG_BYTES)}`;
    return null;
  }

  async close(): Promise<void> {
    await Promise.all(this.senders.map(({ client }) => client.close()));
  }

  private filled(pieces: readonly Piece[], n: number): string {
    const { cases } = this.shots;
    const count = cases?.ids.length ?? 1;
    let text = '';
    for (const piece of pieces) {
      if (typeof piece === 'string') text += piece;
      else if (piece.place === 'id') text += randomUUID();
      else if (piece.place === 'version') text += String(1 + Math.floor(n / count));
      else text += (piece.place === 'caseId' ? cases?.ids : cases?.vNumbers)?.[n % count] ?? '';
    }
    return text;
  }
}

const ANY_PLACE = new RegExp(`(${Object.values(PLACE).join('|')})`);
const PLACES = new Map(Object.entries(PLACE).map(([place, text]) => [text as string, place as Place]));

function piecesOf(template: string): readonly Piece[] {
  return template.split(ANY_PLACE).map((text) => {
    const place = PLACES.get(text);
    return place === undefined ? text : { place };
  });
}
