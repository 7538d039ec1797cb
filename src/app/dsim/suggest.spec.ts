import { expect, it } from 'vitest';
import { suggest } from './suggest.js';

it.each([
  ['blck-friday', ' Did you mean black-friday?'],
  ['black-friday', ' Did you mean black-friday?'],
  ['zone', ''],
  ['something-else', ''],
])('%s', (word, hint) => {
  expect(suggest(word, ['calm-day', 'black-friday', 'zone-loss'])).toBe(hint);
});
