import { describe, expect, it } from '@jest/globals';
import { sharesOf } from './profile-shares.js';

const node = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });

describe('where the CPU time goes', () => {
  it('is shared out by file and function, without the time in which nothing was done', () => {
    const profile = {
      nodes: [
        node(1, '(idle)', ''),
        node(2, '(program)', ''),
        node(3, 'query', 'file:///app/node_modules/pg/lib/client.js'),
        node(4, 'stringify', ''),
        node(5, 'something', 'file:///app/other.js'),
      ],
      samples: [1, 2, 3, 3, 4, 5],
      timeDeltas: [1_000, 40, 20, 10, 20, 10],
    };
    expect(sharesOf(profile)).toEqual([
      { group: 'native code: TLS, sockets, the event loop', share: 0.4 },
      { group: 'PostgreSQL client', share: 0.3 },
      { group: 'JSON: reading, canonical form', share: 0.2 },
      { group: 'all else', share: 0.1 },
    ]);
  });
});
