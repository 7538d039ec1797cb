import { z } from 'zod';
import type { Bound } from '../expectation.types.js';
import { parseDuration } from '../units/duration.js';
import { parseRatio, quantityValue } from '../units/quantity.js';
import { shown } from './advice.js';
import { textForm, type Form } from './forms.js';

const FORMS =
  /^(?:at most|<=)\s*(?<max>\S+)$|^(?:at least|>=)\s*(?<min>\S+)$|^(?<from>[^.\s]\S*?)\s*\.\.\s*(?<to>\S+)$/;

/** What a value without words means: exactly it, at most it, at least it; null: nothing, words are needed. */
type Bare = 'exactly' | 'at most' | 'at least' | null;

function bound(
  description: string,
  read: (text: string | number) => number | undefined,
  { example, value, unit }: BoundForm,
  bare: Bare,
) {
  const forms = `must be \`at most ${example}\`, \`at least ${example}\` or a range a..b${bare === null ? '' : ', or a value'}`;
  return z
    .union([z.string(), z.number()], { error: () => forms })
    .meta({ description, unit, examples: [`at most ${example}`], forms: formsOf(value, bare) })
    .transform((input, context): Bound => {
      const groups = typeof input === 'string' ? FORMS.exec(input)?.groups : undefined;
      const values = (
        groups ? [groups['min'] ?? groups['from'], groups['max'] ?? groups['to']] : bareValues(input, bare)
      ).map((value) => (value === undefined ? undefined : (read(value) ?? NaN)));
      const [min, max] = values;
      const usable = values.every((value) => value === undefined || (Number.isFinite(value) && value >= 0));
      if (usable && (min ?? max) !== undefined && !(min! > max!))
        return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
      const message =
        usable && min! > max! ? `the range ends before it starts: ${shown(input)}` : `${forms}, not ${shown(input)}`;
      context.issues.push({ code: 'custom', input, message });
      return z.NEVER;
    });
}

interface BoundForm {
  readonly example: string;
  readonly unit: string;
  /** Text of one value. */
  readonly value: RegExp;
}

function formsOf({ source: one }: RegExp, bare: Bare): readonly Form[] {
  const range = `^(?:at most|<=|at least|>=)\\s*${one}$|^${one}\\s*\\.\\.\\s*${one}$`;
  if (bare === null) return [textForm(new RegExp(range))];
  return [textForm(new RegExp(`${range}|^${one}$`)), { type: 'number', minimum: 0 }];
}

const COUNT: BoundForm = {
  example: '10',
  unit: 'bound',
  value: /(?:\d+\.?\d*|\.\d+)(?:[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?/,
};
const DURATION: BoundForm = {
  example: '5m',
  unit: 'bound of a duration',
  value: /(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d|w))+/,
};
const SHARE: BoundForm = { example: '1%', unit: 'bound of a share', value: /\d*\.?\d+(?:\s*%)?/ };

function bareValues(input: string | number, bare: Bare): readonly (string | number | undefined)[] {
  if (bare === null) return [undefined, undefined];
  return [bare === 'at most' ? undefined : input, bare === 'at least' ? undefined : input];
}

const numeric = (input: string | number) => quantityValue(input);
const seconds = (input: string | number) =>
  typeof input === 'number' ? (input === 0 ? 0 : undefined) : parseDuration(input);
const share = (input: string | number) =>
  typeof input === 'string' && !input.endsWith('%') ? quantityValue(input) : parseRatio(input);

export const countBound = (description: string, bare: Bare) => bound(description, numeric, COUNT, bare);
export const durationBound = (description: string) => bound(description, seconds, DURATION, null);
export const ratioBound = (description: string) => bound(description, share, SHARE, null);
