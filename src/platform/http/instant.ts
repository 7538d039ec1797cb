import { z } from 'zod';

const EPOCH_SECONDS = /^-?\d+(\.\d+)?$/;
const ISO = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);
/** Years 1 to 9999: what ISO 8601 writes with four digits, and PostgreSQL's timestamps hold. */
const EARLIEST_MS = Date.parse('0001-01-01T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** A point in time in a query, ISO 8601 or epoch seconds as Prometheus takes them; answers epoch milliseconds. */
export const instant = z
  .string()
  .transform((text, context) => {
    const ms = EPOCH_SECONDS.test(text) ? Math.round(Number(text) * 1000) : isoToMs(text);
    if (ms >= EARLIEST_MS && ms <= LATEST_MS) return ms;
    context.addIssue({ code: 'custom', message: 'must be an ISO 8601 time (2026-11-21T10:00:00Z) or epoch seconds' });
    return z.NEVER;
  })
  .describe('ISO 8601 time or epoch seconds');

/** The same as a Date. */
export const instantDate = instant.transform((ms) => new Date(ms)).describe('ISO 8601 time or epoch seconds');

function isoToMs(text: string): number {
  return ISO.safeParse(text).success ? Date.parse(text) : Number.NaN;
}
