import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('the command line of the demo', () => {
  it('stays up with whatever broker there is, and leaves the run open, unless told otherwise', () => {
    expect(readOptions([])).toEqual({
      once: false, broker: 'auto', residents: null, seed: null, json: false, separate: false, state: null,
    }); // prettier-ignore
  });

  it('reads every option', () => {
    const args = ['--once', '--broker=none', '--residents=3', '--seed=7', '--json', '--separate', '--state=/tmp/x'];
    expect(readOptions(args)).toEqual({
      once: true, broker: 'none', residents: 3, seed: 7, json: true, separate: true, state: '/tmp/x',
    }); // prettier-ignore
    expect(readOptions(['--help'])).toBe('help');
  });

  it('names the option that it cannot take', () => {
    expect(() => readOptions(['--broker=rabbit'])).toThrow('--broker must be one of kafka, none, auto');
    for (const bad of ['0', '2001', '-1', '1.5', 'many']) {
      expect(() => readOptions([`--residents=${bad}`])).toThrow('--residents must be a whole number 1..2000');
    }
    expect(() => readOptions(['--seed=100'])).toThrow('--seed must be a whole number 0..99');
    expect(() => readOptions(['--wonce'])).toThrow(/--wonce/);
  });
});
