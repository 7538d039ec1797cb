import type { z } from 'zod';

/** Spelled out rather than `\p{Cc}`, which clients that check the OpenAPI document's patterns do not all know. */
const ONE_LINE = /^[^\u0000-\u001f\u007f-\u009f]*$/;
/** Half of a surrogate pair. JSON can spell it, UTF-8 cannot, and PostgreSQL's jsonb refuses it. */
const LONE_SURROGATE = /\p{Cs}/u;

const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);
const NOT_WELL_FORMED = 'must be well-formed text, without half a surrogate pair';

/** For names and filters: what PostgreSQL can store and a log line can show. */
export function oneLine(text: z.ZodString): z.ZodString {
  return text.regex(ONE_LINE, 'must not contain control characters').refine(isWellFormed, NOT_WELL_FORMED);
}

/** For notes: line breaks are welcome, but PostgreSQL cannot store U+0000. */
export function freeText(text: z.ZodString): z.ZodString {
  return text
    .refine((value) => !value.includes('\0'), 'must not contain the character U+0000')
    .refine(isWellFormed, NOT_WELL_FORMED);
}
