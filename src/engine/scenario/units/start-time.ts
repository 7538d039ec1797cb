import type { EpochMs } from '../../../kernel/clock.js';
import { instantOf } from '../../scaling/keda/cron/time-zone.js';

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Instant of an ISO 8601 date and time; without offset it is wall clock of the zone. Undefined where it is none. */
export function parseStart(text: string, timeZone: string): EpochMs | undefined {
  const match = FORM.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const local = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const back = new Date(local);
  if (back.getUTCMonth() !== month! - 1 || back.getUTCDate() !== day || hour! > 23 || minute! > 59 || second! > 59)
    return undefined;
  const offset = match[7];
  if (offset === undefined) return instantOf(timeZone, local);
  if (offset === 'Z') return local;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return local - (offset.startsWith('-') ? -1 : 1) * minutes * 60_000;
}
