import { describe, expect, it } from '@jest/globals';
import { Teardown } from './teardown.js';

const ORDER = ['adapters', 'gateway', 'database'] as const;

describe('stopping the demo', () => {
  it('stops in the given order, whatever started first, once', async () => {
    const stopped: string[] = [];
    const teardown = new Teardown(ORDER, () => undefined);
    for (const name of ['gateway', 'adapters', 'database'] as const) {
      teardown.defer(name, () => Promise.resolve(void stopped.push(name)));
    }
    await teardown.run();
    await teardown.run();
    expect(stopped).toEqual(['adapters', 'gateway', 'database']);
  });

  it('goes on with the rest when one does not stop, and says which', async () => {
    const stopped: string[] = [];
    const said: string[] = [];
    const teardown = new Teardown(ORDER, (text) => said.push(text));
    teardown.defer('database', () => Promise.resolve(void stopped.push('database')));
    teardown.defer('gateway', () => Promise.reject(new Error('does not end')));
    await teardown.run();
    expect(stopped).toEqual(['database']);
    expect(said).toEqual(['gateway did not stop cleanly: does not end']);
  });
});
