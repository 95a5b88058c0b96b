import { describe, expect, it } from '@jest/globals';
import { Teardown } from './teardown.js';

describe('stopping the demo', () => {
  it('stops in reverse order of starting, once', async () => {
    const stopped: string[] = [];
    const teardown = new Teardown(() => undefined);
    for (const name of ['database', 'gateway', 'adapters']) {
      teardown.defer(name, () => Promise.resolve(void stopped.push(name)));
    }
    await teardown.run();
    await teardown.run();
    expect(stopped).toEqual(['adapters', 'gateway', 'database']);
  });

  it('goes on with the rest when one does not stop, and says which', async () => {
    const stopped: string[] = [];
    const said: string[] = [];
    const teardown = new Teardown((text) => said.push(text));
    teardown.defer('database', () => Promise.resolve(void stopped.push('database')));
    teardown.defer('gateway', () => Promise.reject(new Error('does not end')));
    await teardown.run();
    expect(stopped).toEqual(['database']);
    expect(said).toEqual(['gateway did not stop cleanly: does not end']);
  });
});
