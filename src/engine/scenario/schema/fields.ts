import { z } from 'zod';
import { formatDuration, parseDuration } from '../units/duration.js';
import { parseRate, parseRatio, quantityValue } from '../units/quantity.js';
import { coresAdvice, durationAdvice, formatBytes, rateAdvice, shareAdvice, shown, sizeAdvice } from './advice.js';
import type { Range } from './fields.types.js';
import { durationForms, limits, quantityForms, rateForms, ratioForms } from './forms.js';

type Text = string | number;

/** A mapping with known keys only. The error message carries the known keys, for "did you mean". */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, description = '') {
  const known = Object.keys(shape).join(' ');
  const schema = z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : 'must be a mapping'),
  });
  return description === '' ? schema : schema.describe(description);
}

/**
 * Text or a number with a unit.
 * @param read the value in the unit of the engine; undefined: the text is none, and `form` says what is
 */
function unit(
  form: string,
  read: (input: Text) => number | undefined,
  range: Range,
  show: (value: number) => string,
  json: { readonly examples: readonly Text[] } & Readonly<Record<string, unknown>>,
  advice: (input: Text) => string = () => '',
) {
  const examples = json.examples.filter((example) => outside(read(example) ?? NaN, range, show) === null);
  return z
    .union([z.string(), z.number()], { error: () => `must be ${form}` })
    .meta({ ...json, examples })
    .transform((input, context) => {
      const value = read(input);
      const problem =
        value === undefined || Number.isNaN(value)
          ? `must be ${form}`
          : value === Infinity
            ? null
            : outside(value, range, show);
      if (problem === null && value !== undefined) return value;
      context.issues.push({ code: 'custom', input, message: `${problem ?? ''}, not ${shown(input)}${advice(input)}` });
      return z.NEVER;
    });
}

/** Why a value is outside of its range, or null. */
export function outside(value: number, { min, max, above }: Range, show: (value: number) => string): string | null {
  if (above !== undefined && !(value > above)) return `must be above ${show(above)}`;
  if (min !== undefined && max !== undefined && !(value >= min && value <= max))
    return `must be ${show(min)} to ${show(max)}`;
  if (min !== undefined && !(value >= min)) return `must be at least ${show(min)}`;
  if (max !== undefined && !(value <= max)) return `must be at most ${show(max)}`;
  return null;
}

/** Seconds. A plain number is seconds only where `bare`, which is where nobody would think of milliseconds. */
export function duration(
  description: string,
  range: Range & { readonly bare?: boolean; readonly none?: boolean } = {},
) {
  const { bare = false, none = false } = range;
  const form = `a duration such as ${bare ? '90s, 10m or 2h' : '250ms or 5s'}${none ? ', or none' : ''}`;
  const read = (input: Text) => {
    if (typeof input === 'number') return bare || input === 0 ? input : undefined;
    return none && input === 'none' ? Infinity : parseDuration(input);
  };
  const bounds = range.above === undefined ? { ...range, min: range.min ?? 0 } : range;
  const examples = bare ? ['90s', '10m'] : ['250ms', '5s'];
  const forms = durationForms(bounds, bare, none);
  return unit(form, read, bounds, formatDuration, { description, unit: 'duration', examples, forms }, (input) =>
    durationAdvice(input, bare),
  );
}

/** Share of a whole: `5%` or 0.05. */
export function ratio(description: string, range: Range = { min: 0, max: 1 }) {
  const show = (value: number) => `${Number((value * 100).toPrecision(12))}%`;
  const json = { description, unit: 'share', examples: ['5%', 0.05], forms: ratioForms(range) };
  return unit('a share such as 5% or 0.05', parseRatio, range, show, json, shareAdvice);
}

/** Per second. */
export function rate(description: string, range: Range = { min: 0, max: 1e9 }) {
  const json = { description, unit: 'rate', examples: [120, '5000/m'], forms: rateForms(range) };
  return unit('a rate per second such as 120, 120/s or 5000/m', parseRate, range, String, json, (input) =>
    typeof input === 'string' ? rateAdvice(input) : '',
  );
}

export function bytes(description: string, range: Range = { min: 0, max: 2 ** 60 }) {
  const json = { description, unit: 'size', examples: ['256Mi', '2Gi'], forms: quantityForms(range) };
  return unit('a size such as 256Mi or 2Gi', quantityValue, range, formatBytes, json, sizeAdvice);
}

export function cores(description: string, range: Range = { min: 0, max: 4096 }) {
  const json = { description, unit: 'CPU', examples: ['500m', 2], forms: quantityForms(range) };
  return unit('CPU such as 500m or 2', quantityValue, range, String, json, coresAdvice);
}

/** A count that may be large: 200k. */
export function amount(description: string, range: Range = { min: 0, max: 1e12 }) {
  return unit('a number such as 500 or 200k', quantityValue, range, String, {
    description,
    unit: 'number',
    examples: [500, '200k'],
    forms: quantityForms(range),
  });
}

export function number(description: string, range: Range = {}) {
  return z
    .number({
      error: ({ input }) =>
        typeof input === 'string' && input.trim() !== '' && Number.isFinite(Number(input))
          ? `must be a number; write ${Number(input)} without quotes`
          : 'must be a number',
    })
    .meta({ description, ...limits(range) })
    .transform((value, context) => {
      const problem = outside(value, range, String);
      if (problem === null) return value;
      context.issues.push({ code: 'custom', input: value, message: `${problem}, not ${value}` });
      return z.NEVER;
    });
}

/** A whole number. */
export function count(description: string, min: number, max: number) {
  const error = ({ input }: { readonly input?: unknown }) => {
    const given = typeof input === 'number' || typeof input === 'string' ? `, not ${shown(input)}` : '';
    const advice = typeof input === 'string' && /^\d+$/.test(input) ? `; write ${input} without quotes` : '';
    return `must be a whole number from ${min} to ${max}${given}${advice}`;
  };
  return z.int({ error }).min(min, { error }).max(max, { error }).describe(description);
}

/** Free text. A number or a yes without quotes would be another text than the author sees: 1.10 is 1.1. */
export function text(
  description: string,
  { max = 200, example }: { readonly max?: number; readonly example?: string } = {},
) {
  return z
    .string({
      error: ({ input }) =>
        typeof input === 'number' || typeof input === 'boolean' ? 'must be text: put it in quotes' : 'must be text',
    })
    .min(1, { error: 'must not be empty' })
    .max(max, { error: `must be at most ${max} characters` })
    .meta({ description, ...(example !== undefined && { examples: [example] }) });
}

const NAME = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

/** Name of a service, store, place, fault...: a DNS label, as it becomes the name of Kubernetes objects. */
export function name(description: string, example = 'cart') {
  const error = 'must be lower case letters, digits and hyphens, start with a letter, at most 50 characters';
  return z
    .string({ error })
    .max(50, { error })
    .regex(NAME, { error })
    .refine((value) => value !== 'constructor', { error: '"constructor" is reserved' })
    .meta({ description, unit: 'name', examples: [example] });
}

export function choice<const Values extends readonly [string, ...string[]]>(description: string, values: Values) {
  return z.enum(values, { error: () => `must be one of ${values.join(', ')}` }).describe(description);
}

export function flag(description: string) {
  return z.boolean({ error: () => 'must be true or false' }).describe(description);
}

export function list<Item extends z.ZodType>(item: Item, description: string, max: number, min = 0) {
  return z
    .array(item, { error: () => 'must be a list' })
    .min(min, { error: () => `needs at least ${min}` })
    .max(max, { error: () => `has more than ${max} items` })
    .describe(description);
}

/** A mapping from names that the author chooses. */
export function named<Item extends z.ZodType>(item: Item, description: string, max: number) {
  return z
    .record(name('Name that you choose.'), item, { error: () => 'must be a mapping from names' })
    .refine((value) => Object.keys(value).length <= max, { error: () => `has more than ${max} entries` })
    .describe(description);
}
