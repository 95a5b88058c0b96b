import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOin, isTestOin, parseOin, sourceOin } from './oin.js';

const digits = fc.stringMatching(/^[0-9]{8}$/);
const main = fc.stringMatching(/^[0-9A-Za-z]{12}$/);

describe('OIN', () => {
  it('C05: accepts every main number, letters included, and gives its parts back', () => {
    fc.assert(
      fc.property(digits, main, (prefix, rest) => {
        expect(parseOin(prefix + rest)).toEqual({ value: prefix + rest, prefix, main: rest });
      }),
    );
  });

  it.each([
    ['too short', '0000009900000000010'],
    ['too long', '000000990000000001011'],
    ['a letter in the prefix', '0000009A000000000101'],
    ['a hyphen', '00000099-00000000101'],
    ['a line break at the end', '00000099000000000101\n'],
    ['empty', ''],
  ])('C05: refuses %s', (_case, text) => {
    expect(isOin(text)).toBe(false);
    expect(parseOin(text)).toBeNull();
  });

  it('knows a test OIN by its prefix', () => {
    expect(isTestOin('00000099000000000101')).toBe(true);
    expect(isTestOin('00000001000000000101')).toBe(false);
    expect(isTestOin('00000099')).toBe(false);
  });

  it('takes the OIN out of a source, and of nothing that only looks like one', () => {
    expect(sourceOin('urn:nld:oin:00000099000000000101:zaaksysteem')).toBe('00000099000000000101');
    expect(sourceOin('urn:nld:oin:00000099000000000101')).toBeNull();
    expect(sourceOin('urn:nld:oin:00000099000000000101:')).toBeNull();
    expect(sourceOin('urn:nld:oin:0000009900000000010!:zaaksysteem')).toBeNull();
    expect(sourceOin('x urn:nld:oin:00000099000000000101:zaaksysteem')).toBeNull();
    expect(sourceOin('urn:nld:oin:00000099000000000101:a b')).toBeNull();
  });
});
