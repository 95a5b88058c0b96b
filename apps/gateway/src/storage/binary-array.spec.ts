import { describe, expect, it } from '@jest/globals';
import { binaryArray } from './binary-array.js';

/** One dimension, no null, element type, length, first index 1. */
const header = (type: number, length: number, nulls = 0): number[] =>
  [1, nulls, type, length, 1].flatMap((value) => [0, 0, value >> 8, value & 255]);

describe('arrays in binary form', () => {
  it('holds bytes as they are, each behind its length', () => {
    const array = binaryArray('bytea', [Buffer.of(0, 255, 92), Buffer.alloc(0)]);
    expect([...array]).toEqual([...header(17, 2), 0, 0, 0, 3, 0, 255, 92, 0, 0, 0, 0]);
  });

  it('holds nulls', () => {
    expect([...binaryArray('bytea', [null, Buffer.of(7)])]).toEqual([
      ...header(17, 2, 1),
      255,
      255,
      255,
      255,
      0,
      0,
      0,
      1,
      7,
    ]);
  });

  it('holds JSON texts behind their version, counted in bytes', () => {
    expect([...binaryArray('jsonb', ['"é"'])]).toEqual([...header(3802, 1), 0, 0, 0, 5, 1, 0x22, 0xc3, 0xa9, 0x22]);
  });

  it('holds texts, counted in bytes', () => {
    expect([...binaryArray('text', ['é', null])]).toEqual([
      ...header(25, 2, 1),
      0,
      0,
      0,
      2,
      0xc3,
      0xa9,
      255,
      255,
      255,
      255,
    ]);
  });

  it('holds UUIDs as sixteen bytes, and no other text', () => {
    const bytes = Array.from({ length: 16 }, (_, n) => n);
    const array = binaryArray('uuid', ['00010203-0405-0607-0809-0a0b0c0d0e0f']);
    expect([...array]).toEqual([...header(2950, 1), 0, 0, 0, 16, ...bytes]);
    expect(() => binaryArray('uuid', ['00010203-0405-0607-0809-0a0b0c0d0e'])).toThrow('this is no UUID');
    expect(() => binaryArray('uuid', ['0001020z-0405-0607-0809-0a0b0c0d0e0f'])).toThrow('this is no UUID');
  });

  it('holds points in time as microseconds since 2000, before it too', () => {
    expect([...binaryArray('timestamptz', ['2000-01-01T00:00:00.001Z'])]).toEqual([
      ...header(1184, 1),
      ...[0, 0, 0, 8],
      ...[0, 0, 0, 0, 0, 0, 3, 232],
    ]);
    const times = [
      '1999-12-31T23:59:59.999Z',
      '1900-01-01T00:00:00Z',
      '2026-11-30T12:34:56.789+01:00',
      '9999-12-31T23:59:59Z',
    ];
    for (const time of times) {
      const micros = binaryArray('timestamptz', [time]).readBigInt64BE(24);
      expect(micros).toBe((BigInt(Date.parse(time)) - BigInt(Date.UTC(2000, 0, 1))) * 1_000n);
    }
    expect(() => binaryArray('timestamptz', ['yesterday'])).toThrow('this is no point in time');
  });

  it('holds integers of 32 bits, and no others', () => {
    expect([...binaryArray('int', [258, -1])]).toEqual([
      ...header(23, 2),
      0,
      0,
      0,
      4,
      0,
      0,
      1,
      2,
      0,
      0,
      0,
      4,
      255,
      255,
      255,
      255,
    ]);
    expect(() => binaryArray('int', [2 ** 31])).toThrow('out of range');
  });
});
