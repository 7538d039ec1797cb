import { z } from 'zod';
import { InvalidCursorError } from './http.errors.js';

/** Query part of every list: `?limit=50&cursor=...`. Extend it with the list's own filters. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Items per page'),
  cursor: z.string().max(512).optional().describe('`nextCursor` of the page before'),
});

/** Response of every list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Opaque to callers: base64url of a JSON array of the last item's sort key. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Undefined when the text is no cursor of ours. */
export function decodeCursor(cursor: string): readonly (string | number)[] | undefined {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const sound = Array.isArray(key) && key.every((part) => typeof part === 'string' || typeof part === 'number');
    return sound ? (key as (string | number)[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Parts of sort keys. Callers can forge cursors, so nothing may pass that PostgreSQL's types would refuse. */
export const cursorPart = {
  /** An `integer` that counts up from 1. */
  integer: z.number().int().min(0).max(0x7fffffff),
  /** ISO 8601 in UTC; PostgreSQL knows no year 0. */
  time: z.iso.datetime().refine((text) => !text.startsWith('0000')),
  id: z.uuid(),
} as const;

/** Sort key of a list's cursor. Throws `http.invalid_cursor`. */
export function readCursor<T extends z.ZodType>(cursor: string, key: T): z.output<T> {
  const read = key.safeParse(decodeCursor(cursor));
  if (!read.success) throw new InvalidCursorError();
  return read.data;
}
