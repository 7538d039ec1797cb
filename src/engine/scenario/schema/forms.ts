import type { Range } from './fields.types.js';

/** A form that a value may have, as JSON Schema. Text with a unit is bounded by the parser alone. */
export type Form = Readonly<Record<string, unknown>>;

const NUMBER = String.raw`\d+(\.\d+)?`;
const QUANTITY = String.raw`(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?`;

export function durationForms(range: Range, bare: boolean, none: boolean): readonly Form[] {
  const zero = (range.min ?? 0) <= 0 && range.above === undefined;
  return [
    ...(none ? [{ const: 'none' }] : []),
    { type: 'string', pattern: `^${sign(range, '')}(${NUMBER}(us|ms|s|m|h|d|w))+$` },
    ...(bare ? [{ type: 'number', ...limits(range) }] : zero ? [{ const: 0 }] : []),
  ];
}

/** Of a share from 0 to 1 the percentage can be bounded as well. */
export function ratioForms(range: Range): readonly Form[] {
  const percent = range.min === 0 && range.max === 1 ? String.raw`0*(100(\.0+)?|\d{1,2}(\.\d+)?)` : NUMBER;
  return [
    { type: 'string', pattern: String.raw`^${sign(range)}${percent}\s*%$` },
    { type: 'number', ...limits(range) },
  ];
}

export function rateForms(range: Range): readonly Form[] {
  return [
    { type: 'string', pattern: String.raw`^${NUMBER}[kM]?\s*/\s*(s|m|min|h|d)$` },
    { type: 'number', ...limits(range) },
  ];
}

/** Kubernetes quantities: sizes, CPU, counts. */
export function quantityForms(range: Range): readonly Form[] {
  return [
    { type: 'string', pattern: `^${sign(range)}${QUANTITY}$` },
    { type: 'number', ...limits(range) },
  ];
}

export function limits({ min, max, above }: Range): Form {
  return {
    ...(above === undefined ? min !== undefined && { minimum: min } : { exclusiveMinimum: above }),
    ...(max !== undefined && { maximum: max }),
  };
}

/** What may stand in front of the digits. */
function sign({ min = 0, above = min }: Range, plus = '\\+?'): string {
  return above < 0 ? (plus === '' ? '-?' : '[+-]?') : plus;
}

/** Text of one pattern; what a bound or a signal looks like. */
export function textForm(pattern: RegExp): Form {
  return { type: 'string', pattern: pattern.source };
}

/** A mapping in which none of these keys stands. */
export function without(...keys: readonly string[]): Form {
  return { properties: Object.fromEntries(keys.map((key) => [key, false])) };
}
