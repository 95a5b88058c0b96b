import { describe, expect, it } from '@jest/globals';
import { lineOfPointer } from './json-line.js';

const TEXT = `[
  { "code": "P01", "list": [1, 2] },
  {
    "code": "a:b,[{\\"",
    "list": [
      1,
      { "deep": true }
    ]
  }
]
`;

describe('lineOfPointer', () => {
  it.each([
    ['', 1],
    ['/0', 2],
    ['/0/code', 2],
    ['/0/list/1', 2],
    ['/1', 3],
    ['/1/code', 4],
    ['/1/list', 5],
    ['/1/list/0', 6],
    ['/1/list/1/deep', 7],
    ['/2', 0],
    ['/1/absent', 0],
  ])('finds %s on line %d', (pointer, line) => {
    expect(lineOfPointer(TEXT, pointer)).toBe(line);
  });
});
