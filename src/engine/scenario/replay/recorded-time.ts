import { instantOf } from '../../scaling/keda/cron/time-zone.js';

/** Epochs are told apart by their size: seconds from 1973 on, and from there on in finer units until 5138. */
const EPOCH_SECONDS = 1e8;
const FINER_UNITS = [
  [1e17, 1e-9],
  [1e14, 1e-6],
  [1e11, 1e-3],
] as const;

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const QUARTER_HOUR = 900_000;

/** A time of a recording. `absolute`: seconds since 1970, otherwise since the start of the recording. */
export interface RecordedTime {
  readonly seconds: number;
  readonly absolute: boolean;
}

/**
 * Reads the times of a recording: seconds from its start, epochs (seconds to nanoseconds), or ISO 8601, which is wall
 * clock of the time zone where it has no offset. Undefined: the text is none.
 */
export function recordedTimes(timeZone: string): (text: string) => RecordedTime | undefined {
  // Looking up the offset of a zone takes a hundred times as long as the rest.
  const offsets = new Map<number, number>();
  const instant = (local: number): number => {
    const quarter = Math.floor(local / QUARTER_HOUR);
    const offset = offsets.get(quarter) ?? quarter * QUARTER_HOUR - instantOf(timeZone, quarter * QUARTER_HOUR);
    offsets.set(quarter, offset);
    return local - offset;
  };
  return (text) => {
    if (/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text)) return numericTime(Number(text));
    const match = ISO.exec(text);
    if (!match) return undefined;
    const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
    const local = Date.UTC(year!, month! - 1, day, hour, minute, second);
    if (!isDate(local, month!, day!) || hour! > 23 || minute! > 59 || second! > 59) return undefined;
    const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`);
    const seconds = (match[8] === undefined ? instant(local) : local - offsetOf(match[8])) / 1000;
    return { seconds: seconds + fraction, absolute: true };
  };
}

function numericTime(value: number): RecordedTime | undefined {
  if (!Number.isFinite(value)) return undefined;
  const unit = FINER_UNITS.find(([least]) => value >= least)?.[1] ?? 1;
  return { seconds: value * unit, absolute: value >= EPOCH_SECONDS };
}

function isDate(local: number, month: number, day: number): boolean {
  const back = new Date(local);
  return back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
}

/** Milliseconds of `+02:00`, `-0530`, `Z`. */
function offsetOf(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
