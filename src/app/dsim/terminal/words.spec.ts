import { describe, expect, it } from 'vitest';
import { createStyle } from './style.js';
import { bytes, grid, latency, percent, plural, short, spell, table, wrap } from './words.js';

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

  it('hangs all lines but the first', () => {
    expect(wrap('one two three', 9, '- ', '    ')).toBe('- one two\n    three\n');
  });

  it('counts only what is seen', () => {
    const { red } = createStyle(true);
    expect(wrap(`${red('one')} two three`, 7)).toBe(`${red('one')} two\nthree\n`);
    expect(
      table([
        [red('a'), 'x'],
        ['bcd', 'y'],
      ]),
    ).toBe(`${red('a')}    x\nbcd  y\n`);
  });

  it('says sizes as disks do', () => {
    expect([999, 1000, 5_322_462_172].map(bytes)).toEqual(['999 bytes', '1 kB', '5.32 GB']);
  });
});

describe('a grid', () => {
  const rows = [
    ['web', '10 pods', 'scaled up before the rush and down after it'],
    ['catalog', '3 pods', ''],
  ];

  it('is a table where there is room', () => {
    expect(grid(rows, 80, '  ')).toBe(table(rows, '  '));
  });

  it('wraps the last column where that is enough', () => {
    expect(grid(rows, 46, '  ')).toBe(
      '  web      10 pods  scaled up before the rush\n' +
        '                    and down after it\n' +
        '  catalog  3 pods\n',
    );
  });

  it('puts the rest of a row under its first cell where there is no room for columns', () => {
    expect(grid(rows, 32, '  ')).toBe(
      '  web\n      10 pods, scaled up before\n      the rush and down after it\n  catalog\n      3 pods\n',
    );
  });
});
