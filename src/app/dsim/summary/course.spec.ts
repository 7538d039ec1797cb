import { expect, it } from 'vitest';
import { marks } from './course.js';

it('marks the characters that a span covers, at least one', () => {
  expect(marks([{ from: 0, to: 50 }], 100, 10, '━')).toBe('━━━━━');
  expect(marks([{ from: 50, to: 51 }], 100, 10, '━')).toBe('     ━');
  expect(
    marks(
      [
        { from: 99, to: 100 },
        { from: 5, to: 12 },
      ],
      100,
      10,
      '━',
    ),
  ).toBe('━━       ━');
  expect(marks([{ from: 100, to: 100 }], 100, 10, '━')).toBe('         ━');
});
