import { describe, expect, it } from '@jest/globals';
import { pooledRandomBytes } from './random.js';

describe('pooled random bytes', () => {
  it('gives no byte out twice, across the end of a pool as well', () => {
    const given = Array.from({ length: 3_000 }, () => pooledRandomBytes(32));
    const places = given.map((bytes) => bytes.buffer);
    expect(new Set(given.map((bytes) => bytes.toString('hex'))).size).toBe(given.length);
    expect(new Set(places).size).toBeGreaterThan(5);
  });

  it('leaves what was given as it is while more is taken', () => {
    const key = pooledRandomBytes(32);
    const before = key.toString('hex');
    for (let n = 0; n < 5_000; n += 1) pooledRandomBytes(32);
    expect(key.toString('hex')).toBe(before);
  });

  it.each([0, 1, 256, 257, 20_000])('gives %d bytes when so many are asked', (size) => {
    expect(pooledRandomBytes(size)).toHaveLength(size);
  });
});
