import { parseQuantity } from '../../scaling/quantity/quantity.js';
import { QuantityFormatError } from '../../scaling/quantity/quantity.errors.js';

/** Value of a Kubernetes quantity (`500m`, `2Gi`, `200k`, 1.5); undefined where it is none. */
export function quantityValue(input: string | number): number | undefined {
  if (typeof input === 'number') return Number.isFinite(input) ? input : undefined;
  try {
    return parseQuantity(input).value;
  } catch (error) {
    if (error instanceof QuantityFormatError) return undefined;
    throw error;
  }
}

const PERCENT = /^([+-]?\d+(?:\.\d+)?)\s*%$/;

/** 0.05 of `5%` or 0.05; undefined where it is neither. */
export function parseRatio(input: string | number): number | undefined {
  if (typeof input === 'number') return input;
  const match = PERCENT.exec(input);
  return match ? Number((Number(match[1]) / 100).toPrecision(15)) : undefined;
}

const RATE = /^(\d+(?:\.\d+)?)([kM]?)\s*\/\s*(s|m|min|h|d)$/;
const PER_SECOND: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400 };
const MULTIPLE: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6 };

/** Per second, of 120, `120/s`, `7200/m`, `5M/d`; undefined where it is none. */
export function parseRate(input: string | number): number | undefined {
  if (typeof input === 'number') return input;
  const match = RATE.exec(input);
  if (!match) return undefined;
  return Number(((Number(match[1]) * MULTIPLE[match[2]!]!) / PER_SECOND[match[3]!]!).toPrecision(15));
}
