/** A cron expression in five fields (minute, hour, day of month, month, day of week), as sets of allowed values. */
export interface CronSchedule {
  readonly text: string;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly daysOfWeek: readonly number[];
  /** Whether the field is `*` or `?`: where neither day field is, a day that matches either of them fits. */
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

interface FieldRange {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
}

interface FieldValues {
  readonly values: readonly number[];
  readonly any: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly FieldRange[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of month', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'day of week', min: 0, max: 6, words: DAYS },
];

/**
 * Reads a cron expression as robfig/cron v3 does with the fields KEDA's cron scaler asks for: lists, ranges, steps,
 * names of months and days; Sunday is 0 and never 7; no seconds, no `@daily`.
 * Source: kedacore/keda pkg/scalers/cron_scaler.go, Validate; robfig/cron v3 parser.go.
 * @returns the schedule, or what is wrong with the expression.
 */
export function parseCron(text: string): CronSchedule | { readonly error: string } {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length || parts[0] === '')
    return {
      error: `expected exactly 5 fields (minute hour day-of-month month day-of-week), found ${text.trim() === '' ? 0 : parts.length}`,
    };
  const read: FieldValues[] = [];
  for (const [index, part] of parts.entries()) {
    const field = parseField(part, FIELDS[index]!);
    if ('error' in field) return { error: `${FIELDS[index]!.name} "${part}": ${field.error}` };
    read.push(field);
  }
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = read as [
    FieldValues,
    FieldValues,
    FieldValues,
    FieldValues,
    FieldValues,
  ];
  return {
    text,
    ...{ minutes: minutes.values, hours: hours.values, daysOfMonth: daysOfMonth.values },
    ...{ months: months.values, daysOfWeek: daysOfWeek.values },
    ...{ anyDayOfMonth: daysOfMonth.any, anyDayOfWeek: daysOfWeek.any },
  };
}

function parseField(part: string, range: FieldRange): FieldValues | { readonly error: string } {
  const values = new Set<number>();
  let any = false;
  for (const item of part.split(',')) {
    const found = parseItem(item, range);
    if ('error' in found) return found;
    for (let value = found.from; value <= found.to; value += found.step) values.add(value);
    any ||= found.any;
  }
  return { values: [...values].sort((a, b) => a - b), any };
}

type Item = { readonly from: number; readonly to: number; readonly step: number; readonly any: boolean };

function parseItem(item: string, range: FieldRange): Item | { readonly error: string } {
  const [span = '', stepText, ...more] = item.split('/');
  if (more.length > 0) return { error: 'too many slashes' };
  const step = stepText === undefined ? 1 : toNumber(stepText, []);
  if (step === undefined) return { error: 'the step is no number' };
  if (step === 0) return { error: 'the step must not be 0' };
  if (span === '*' || span === '?') return { from: range.min, to: range.max, step, any: step === 1 };

  const ends = span.split('-');
  if (ends.length > 2) return { error: 'too many hyphens' };
  const from = toNumber(ends[0]!, range.words, range.min);
  const end = ends.length === 2 ? toNumber(ends[1]!, range.words, range.min) : from;
  if (from === undefined || end === undefined) return { error: 'neither a number nor a known name' };
  const to = ends.length === 1 && stepText !== undefined ? range.max : end;
  if (from < range.min || to > range.max) return { error: `must lie between ${range.min} and ${range.max}` };
  if (from > to) return { error: 'the range ends before it begins' };
  return { from, to, step, any: false };
}

function toNumber(text: string, words: readonly string[], firstWord = 0): number | undefined {
  const word = words.indexOf(text.toLowerCase());
  if (word >= 0) return word + firstWord;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
