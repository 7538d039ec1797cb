import { describe, expect, it } from 'vitest';
import { latency, percent, plural, short, spell, table, wrap } from './words.js';

describe('words', () => {
  it.each([
    [0.25, '250 ms'],
    [45, '45 s'],
    [60, '1 min'],
    [750, '12 min 30 s'],
    [7200, '2 h'],
    [7201, '2 h'],
    [108_000, '1 d 6 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(spell(seconds)).toBe(text);
  });

  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [12.34, '12.3'],
    [4321.4, '4,321'],
  ])('%d in short is %s', (value, text) => {
    expect(short(value)).toBe(text);
  });

  it('says shares, latencies and counts', () => {
    expect([percent(0.0314), percent(3e-12), latency(0.25), latency(2.5)]).toEqual([
      '3.14 %',
      '0 %',
      '250 ms',
      '2.5 s',
    ]);
    expect([plural(1, 'pod'), plural(2000, 'pod'), plural(0, 'stretch', 'stretches')]).toEqual([
      '1 pod',
      '2,000 pods',
      '0 stretches',
    ]);
  });

  it('aligns columns and does not pad the last', () => {
    expect(table([['a', 'long', 'x'], ['bcd', 'e', 'y'], ['f']], '  ')).toBe('  a    long  x\n  bcd  e     y\n  f\n');
  });

  it('breaks lines between words', () => {
    expect(wrap('one two  three\nfour', 9, '  ')).toBe('  one two\n  three\n  four\n');
  });
});
