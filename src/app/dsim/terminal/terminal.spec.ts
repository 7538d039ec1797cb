import { describe, expect, it } from 'vitest';
import { columnsOf, wantsColours } from './terminal.js';

describe('colours', () => {
  it.each([
    ['a screen', {}, true, true],
    ['a pipe', {}, false, false],
    ['NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['a dumb terminal', { TERM: 'dumb' }, true, false],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['both', { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  ])('%s', (_, env, isTTY, colours) => {
    expect(wantsColours(env, { isTTY })).toBe(colours);
  });
});

describe('columns', () => {
  it.each([
    ['those of the screen', {}, { isTTY: true, columns: 72 }, 72],
    ['no more than is easy to read', {}, { isTTY: true, columns: 300 }, 120],
    ['80 where the screen does not know', {}, { isTTY: true, columns: 0 }, 80],
    ['100 in a pipe', {}, { isTTY: false }, 100],
    ['COLUMNS first', { COLUMNS: '40' }, { isTTY: true, columns: 200 }, 40],
    ['COLUMNS in a pipe', { COLUMNS: '40' }, { isTTY: false }, 40],
    ['nothing silly', { COLUMNS: '3' }, { isTTY: false }, 20],
    ['a number', { COLUMNS: 'wide' }, { isTTY: false }, 100],
  ])('%s', (_, env, output, columns) => {
    expect(columnsOf(env, output)).toBe(columns);
  });
});
