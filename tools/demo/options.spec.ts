import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

describe('the command line of the demo', () => {
  it('plays 25 residents with whatever broker there is, unless told otherwise', () => {
    expect(readOptions([])).toEqual({
      once: false,
      broker: 'auto',
      residents: 25,
      seed: 1,
      json: false,
      separate: false,
    });
  });

  it('reads every option', () => {
    const args = ['--once', '--broker=none', '--residents=3', '--seed=7', '--json', '--separate'];
    expect(readOptions(args)).toEqual({
      once: true,
      broker: 'none',
      residents: 3,
      seed: 7,
      json: true,
      separate: true,
    });
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
