import type { z } from 'zod';
import { coreOf, definitionOf, type ConfigField } from './schema-fields.js';

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** `true`, `1`, `yes`, `on` and their opposites, in any case. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
}

/**
 * Text from the environment as the type that the schema wants. What does not parse is returned as it is: the schema
 * then reports it, together with all other errors.
 */
export function coerce(field: ConfigField, text: string): unknown {
  if (field.kind === 'json') return fromJson(text);
  if (field.kind === 'list') {
    const element = coreOf(definitionOf(field.core).element!);
    if (text.trimStart().startsWith('[')) return fromJson(text);
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map((item) => scalar(element, item));
  }
  return scalar(field.core, text);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function scalar(core: z.ZodType, text: string): unknown {
  const { type, options } = definitionOf(core);
  if (type === 'number' || type === 'int')
    return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
  if (type === 'boolean') return parseBoolean(text) ?? text;
  if (type === 'literal') {
    const { values } = core.def as unknown as { values: readonly unknown[] };
    return values.find((value) => String(value) === text) ?? text;
  }
  if (type === 'union') {
    for (const option of options ?? []) {
      const core = coreOf(option);
      // Beside other types only the two words are booleans: "1" of boolean | number is a number.
      if (definitionOf(core).type === 'boolean' && !/^(true|false)$/i.test(text)) continue;
      const value = scalar(core, text);
      if (option.safeParse(value).success) return value;
    }
  }
  return text;
}
