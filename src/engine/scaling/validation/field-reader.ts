import type { FieldIssue } from '../../../kernel/errors.js';
import { QuantityFormatError } from '../quantity/quantity.errors.js';
import { parseQuantity, type Quantity } from '../quantity/quantity.js';

/** A decoded YAML mapping. */
export type RawObject = Readonly<Record<string, unknown>>;

const MAX_INT32 = 2_147_483_647;

/**
 * Reads a decoded YAML document and collects every mistake with its path, in the API server's words ("Required value",
 * "Invalid value", "Unsupported value", "Forbidden") and with the cure. Readers return undefined where they complained.
 */
export class FieldReader {
  readonly issues: FieldIssue[] = [];

  report(path: string, message: string): undefined {
    this.issues.push({ path, message });
    return undefined;
  }

  required(path: string, detail: string): undefined {
    return this.report(path, detail ? `Required value: ${detail}` : 'Required value');
  }

  invalid(path: string, value: unknown, detail: string): undefined {
    return this.report(path, `Invalid value: ${show(value)}: ${detail}`);
  }

  forbidden(path: string, detail: string): undefined {
    return this.report(path, `Forbidden: ${detail}`);
  }

  notSupported(path: string, value: unknown, supported: readonly string[]): undefined {
    const list = supported.map((each) => `"${each}"`).join(', ');
    return this.report(path, `Unsupported value: ${show(value)}: supported values: ${list}`);
  }

  /**
   * A mapping whose keys are all known, or undefined when it is absent. `hints` tell what to write instead of a key
   * that is not known (here).
   */
  object(
    path: string,
    value: unknown,
    known: readonly string[],
    hints: Readonly<Record<string, string>> = {},
  ): RawObject | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) return this.invalid(path, value, 'must be a mapping');
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const hint = hints[key] ?? `known fields: ${known.join(', ')}`;
      this.report(join(path, key), `unknown field "${join(path, key)}"; ${hint}`);
    }
    return value as RawObject;
  }

  list(path: string, value: unknown): readonly unknown[] | undefined {
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value : this.invalid(path, value, 'must be a list');
  }

  string(path: string, value: unknown): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    return this.invalid(path, value, `must be of type string: put it in quotes`);
  }

  /** A name that is required. */
  name(path: string, value: unknown, detail = ''): string | undefined {
    const text = this.string(path, value);
    if (text === '' || value === undefined || value === null) return this.required(path, detail);
    if (text !== undefined && (text.includes('/') || text.includes('%') || text === '.' || text === '..'))
      return this.invalid(path, text, "may not be '.' or '..' and may not contain '/' or '%'");
    return text;
  }

  int32(path: string, value: unknown): number | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' && /^-?\d+$/.test(value))
      return this.invalid(path, value, `must be of type integer: write ${value} without quotes`);
    if (typeof value !== 'number' || !Number.isInteger(value))
      return this.invalid(path, value, 'must be a whole number');
    if (Math.abs(value) > MAX_INT32) return this.invalid(path, value, `must be at most ${MAX_INT32}`);
    return value;
  }

  oneOf<T extends string>(path: string, value: unknown, supported: readonly T[]): T | undefined {
    if (value === undefined || value === null) return undefined;
    const found = supported.find((each) => each === value);
    return found ?? this.notSupported(path, value, supported);
  }

  quantity(path: string, value: unknown): Quantity | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number')
      return this.invalid(path, value, 'must be a quantity, for example 500m, 1.5, 10Mi or 1e3');
    try {
      return parseQuantity(value);
    } catch (error) {
      if (error instanceof QuantityFormatError) return this.invalid(path, value, error.message);
      throw error;
    }
  }
}

export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
