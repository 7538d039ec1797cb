import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cursorPart, decodeCursor, encodeCursor, readCursor } from './paging.js';

const ID = '019a0000-0000-7000-8000-000000000001';
const byTime = z.tuple([cursorPart.time, cursorPart.id]);
const byNumber = z.tuple([cursorPart.integer]);

describe('readCursor', () => {
  it('gives back what was encoded', () => {
    expect(readCursor(encodeCursor(['2026-11-21T10:00:00.123Z', ID]), byTime)).toEqual([
      '2026-11-21T10:00:00.123Z',
      ID,
    ]);
    expect(readCursor(encodeCursor([7]), byNumber)).toEqual([7]);
  });

  it.each([
    ['', byNumber],
    ['nonsense', byNumber],
    [encodeCursor([]), byNumber],
    [encodeCursor([1, 2]), byNumber],
    [encodeCursor([-1]), byNumber],
    [encodeCursor([1.5]), byNumber],
    [encodeCursor([2_147_483_648]), byNumber],
    [encodeCursor([Number.MAX_SAFE_INTEGER]), byNumber],
    [encodeCursor(['7']), byNumber],
    [encodeCursor(['0000-01-01T00:00:00Z', ID]), byTime],
    [encodeCursor(['yesterday', ID]), byTime],
    [encodeCursor(['2026-11-21T10:00:00Z', '-'.repeat(36)]), byTime],
    [encodeCursor(['2026-11-21T10:00:00Z', 'a\0b']), byTime],
  ] as [string, z.ZodType][])('refuses %j', (cursor, key) => {
    expect(() => readCursor(cursor, key)).toThrow(expect.objectContaining({ code: 'http.invalid_cursor' }));
  });
});

describe('decodeCursor', () => {
  it.each(['e30', Buffer.from('[null]').toString('base64url'), Buffer.from('[[1]]').toString('base64url')])(
    'takes only arrays of texts and numbers: %s',
    (cursor) => {
      expect(decodeCursor(cursor)).toBeUndefined();
    },
  );
});
