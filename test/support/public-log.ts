import { openCheckpoint, type OpenedCheckpoint } from '#ledger/checkpoint.js';
import { decodeBundle } from '#ledger/entry-bundle.js';
import { tileOfTree, tilePath, TILE_WIDTH } from '#ledger/tiles.js';
import type { ReadTile } from '#ledger/tree-reader.js';
import { parseVerifierKey } from '#ledger/verifier-key.js';
import { request as httpsRequest } from 'node:https';
import type { World } from './world.js';

export interface LogAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** The public log as a stranger reads it: over HTTPS, without a certificate of his own. */
export class PublicLog {
  constructor(
    private readonly world: World,
    private readonly base = '/v1/log',
  ) {}

  get(path: string, method = 'GET'): Promise<LogAnswer> {
    return this.getFrom(`${this.base}/${path}`, method);
  }

  async getFrom(target: string, method = 'GET'): Promise<LogAnswer> {
    const { ca } = this.world.tlsOf('gro');
    const url = `${this.world.gateways[0]?.publicUrl ?? ''}${target}`;
    return new Promise((resolve, reject) => {
      const call = httpsRequest(url, { ca, method, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      });
      call.on('error', reject).end();
    });
  }

  /** The newest checkpoint, opened with the key that the log serves. */
  async checkpoint(): Promise<OpenedCheckpoint> {
    const [key, note] = await Promise.all([this.get('key'), this.get('checkpoint')]);
    return openCheckpoint(note.body, parseVerifierKey(key.body.toString().trim()));
  }

  readonly readTile: ReadTile = async (id) => {
    const { status, body } = await this.get(tilePath(id));
    if (status !== 200) throw new Error(`${tilePath(id)}: ${status}`);
    return body;
  };

  /** Every entry of a tree of this size. */
  async entries(size: number): Promise<readonly Buffer[]> {
    const bundles = Array.from({ length: Math.ceil(size / TILE_WIDTH) }, async (_, n) => {
      const id = tileOfTree(size, 'entries', n);
      return id ? decodeBundle(await this.readTile(id), id.width) : [];
    });
    return (await Promise.all(bundles)).flat();
  }
}
