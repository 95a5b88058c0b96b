import { describe, expect, it } from '@jest/globals';
import { STANDING } from '../testing/local-fixture.js';
import { adapterFigures } from './adapter-figures.js';

describe('the figures of an adapter', () => {
  it('say under its name what its status says', () => {
    const lines = adapterFigures(STANDING).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE ketenpoort_adapter_taken_total counter',
        'ketenpoort_adapter_taken_total{adapter="ams"} 12',
        'ketenpoort_adapter_gateway_reachable{adapter="ams"} 1',
        'ketenpoort_adapter_system_available{adapter="ams"} 0',
        'ketenpoort_adapter_parked_cases{adapter="ams"} 1',
        'ketenpoort_adapter_log_alarms{adapter="ams"} 3',
      ]),
    );
  });

  it('have no alarm where no log is watched', () => {
    expect(adapterFigures({ ...STANDING, log: null })).toContain('ketenpoort_adapter_watches_log{adapter="ams"} 0');
  });
});
