import { describe, expect, it } from '@jest/globals';
import { isLaterEpoch, originOfEpoch } from './epoch-origin.js';

describe('origins of epochs', () => {
  it('have the number behind them, from the second on', () => {
    expect([1, 2, 10].map((epoch) => originOfEpoch('log.example/a', epoch))).toEqual([
      'log.example/a',
      'log.example/a/2',
      'log.example/a/10',
    ]);
  });

  it.each([
    ['log.example/2', 'log.example', true],
    ['log.example/3', 'log.example/2', true],
    ['log.example/10', 'log.example/9', true],
    ['log.example/3/2', 'log.example/3', true],
    ['log.example', 'log.example/2', false],
    ['log.example/2', 'log.example/2', false],
    ['log.example/2', 'log.example/3', false],
    ['log.example', 'log.example', false],
    ['log.example/1', 'log.example', false],
    ['other.example/2', 'log.example', false],
    ['log.example/a', 'log.example', false],
    ['log.example/02', 'log.example', false],
  ])('%s after %s: %s', (later, origin, holds) => {
    expect(isLaterEpoch(later, origin)).toBe(holds);
  });
});
