import { describe, expect, it } from '@jest/globals';
import { byteaArray, jsonbArray } from './binary-array.js';

/** One dimension, no null, element type, length, first index 1. */
const header = (type: number, length: number, nulls = 0): number[] =>
  [1, nulls, type, length, 1].flatMap((value) => [0, 0, value >> 8, value & 255]);

describe('arrays in binary form', () => {
  it('holds bytes as they are, each behind its length', () => {
    const array = byteaArray([Buffer.of(0, 255, 92), Buffer.alloc(0)]);
    expect([...array]).toEqual([...header(17, 2), 0, 0, 0, 3, 0, 255, 92, 0, 0, 0, 0]);
  });

  it('holds nulls', () => {
    expect([...byteaArray([null, Buffer.of(7)])]).toEqual([...header(17, 2, 1), 255, 255, 255, 255, 0, 0, 0, 1, 7]);
  });

  it('holds JSON texts behind their version, counted in bytes', () => {
    expect([...jsonbArray(['"é"'])]).toEqual([...header(3802, 1), 0, 0, 0, 5, 1, 0x22, 0xc3, 0xa9, 0x22]);
  });
});
