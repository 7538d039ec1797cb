import { z } from 'zod';
import type { Bound } from '../expectation.types.js';
import { parseDuration } from '../units/duration.js';
import { parseRatio, quantityValue } from '../units/quantity.js';
import { shown } from './fields.js';

const FORMS =
  /^(?:at most|<=)\s*(?<max>\S+)$|^(?:at least|>=)\s*(?<min>\S+)$|^(?<from>[^.\s]\S*?)\s*\.\.\s*(?<to>\S+)$/;

/** What a value without words means: exactly it, at most it, at least it; null: nothing, words are needed. */
type Bare = 'exactly' | 'at most' | 'at least' | null;

function bound(description: string, read: (text: string | number) => number | undefined, example: string, bare: Bare) {
  const forms = `must be \`at most ${example}\`, \`at least ${example}\` or a range a..b${bare === null ? '' : ', or a value'}`;
  return z
    .union([z.string(), z.number()], { error: () => forms })
    .meta({ description, examples: [`at most ${example}`] })
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

function bareValues(input: string | number, bare: Bare): readonly (string | number | undefined)[] {
  if (bare === null) return [undefined, undefined];
  return [bare === 'at most' ? undefined : input, bare === 'at least' ? undefined : input];
}

const numeric = (input: string | number) => quantityValue(input);
const seconds = (input: string | number) =>
  typeof input === 'number' ? (input === 0 ? 0 : undefined) : parseDuration(input);
const share = (input: string | number) =>
  typeof input === 'string' && !input.endsWith('%') ? quantityValue(input) : parseRatio(input);

export const countBound = (description: string, bare: Bare, example = '10') =>
  bound(description, numeric, example, bare);
export const durationBound = (description: string) => bound(description, seconds, '5m', null);
export const ratioBound = (description: string) => bound(description, share, '1%', null);
