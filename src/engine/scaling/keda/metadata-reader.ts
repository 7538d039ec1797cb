import type { FieldReader, RawObject } from '../validation/field-reader.js';

const TRUE_WORDS = ['true', 'True', 'TRUE', 't', 'T', '1'];
const FALSE_WORDS = ['false', 'False', 'FALSE', 'f', 'F', '0'];

/** A trigger's `metadata`: all values are texts, as the custom resource says. */
export class MetadataReader {
  private readonly raw: RawObject;

  constructor(
    private readonly fields: FieldReader,
    private readonly path: string,
    value: unknown,
  ) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) this.raw = value as RawObject;
    else {
      this.raw = {};
      fields.required(path, 'the parameters of the trigger');
    }
  }

  pathOf(key: string): string {
    return `${this.path}.${key}`;
  }

  optional(key: string): string | undefined {
    const text = this.fields.string(this.pathOf(key), this.raw[key]);
    return text === '' ? undefined : text;
  }

  required(key: string, example: string): string | undefined {
    const text = this.optional(key);
    const absent = this.raw[key] === undefined || this.raw[key] === null || this.raw[key] === '';
    if (absent) this.fields.required(this.pathOf(key), `missing required parameter "${key}", for example ${example}`);
    return text;
  }

  /** A number in quotes; `lowest` is the smallest that is allowed, exclusive. */
  number(key: string, options: { readonly required?: string; readonly above?: number }): number | undefined {
    const text = options.required === undefined ? this.optional(key) : this.required(key, options.required);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!Number.isFinite(value)) return this.fields.invalid(this.pathOf(key), text, 'must be a number in quotes');
    if (options.above !== undefined && value <= options.above)
      return this.fields.invalid(this.pathOf(key), text, `must be greater than ${options.above}`);
    return value;
  }

  boolean(key: string, otherwise: boolean): boolean {
    const text = this.optional(key);
    if (text === undefined) return otherwise;
    if (!TRUE_WORDS.includes(text) && !FALSE_WORDS.includes(text))
      this.fields.invalid(this.pathOf(key), text, 'must be "true" or "false"');
    return TRUE_WORDS.includes(text);
  }
}
