import { InvalidSelectorError } from './series-selector.errors.js';

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a PromQL string literal at `start`: "double", 'single' with the escapes of Go, or `back-ticked` as it is.
 * Undefined where none begins there.
 *
 * @throws InvalidSelectorError
 */
export function readQuoted(text: string, start: number): { value: string; end: number } | undefined {
  const quote = text[start];
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  if (quote === '`') {
    const end = text.indexOf('`', start + 1);
    if (end < 0) throw new InvalidSelectorError(text, start, 'the string is not closed');
    return { value: text.slice(start + 1, end), end: end + 1 };
  }
  // \x and octal escapes name bytes, so the literal is put together as bytes.
  const parts: Uint8Array[] = [];
  let plainFrom = start + 1;
  for (let at = start + 1; ;) {
    const char = text[at];
    if (char === undefined || char === '\n') throw new InvalidSelectorError(text, start, 'the string is not closed');
    if (char !== '\\' && char !== quote) {
      at++;
      continue;
    }
    if (at > plainFrom) parts.push(encoder.encode(text.slice(plainFrom, at)));
    if (char === quote) return { value: decode(parts, text, start), end: at + 1 };
    const escape = readEscape(text, at, quote);
    parts.push(escape.bytes);
    at = escape.end;
    plainFrom = at;
  }
}

function readEscape(text: string, at: number, quote: string): { bytes: Uint8Array; end: number } {
  const letter = text[at + 1] ?? '';
  const simple = SIMPLE[letter];
  const otherQuote = (letter === '"' || letter === "'") && letter !== quote;
  if (simple !== undefined && !otherQuote) return { bytes: encoder.encode(simple), end: at + 2 };
  const numeric = /^(?:x([0-9A-Fa-f]{2})|([0-3][0-7]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(
    text.slice(at + 1, at + 10),
  );
  if (numeric !== null) {
    const [all, hex, octal, short, long] = numeric;
    const end = at + 1 + all.length;
    if (hex !== undefined) return { bytes: Uint8Array.of(parseInt(hex, 16)), end };
    if (octal !== undefined) return { bytes: Uint8Array.of(parseInt(octal, 8)), end };
    const codePoint = parseInt(short ?? long!, 16);
    const surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (codePoint <= 0x10ffff && !surrogate) return { bytes: encoder.encode(String.fromCodePoint(codePoint)), end };
  }
  throw new InvalidSelectorError(
    text,
    at,
    `unknown escape "\\${letter}"; write "\\\\" for a backslash, or use back-ticks`,
  );
}

function decode(parts: readonly Uint8Array[], text: string, start: number): string {
  try {
    return decoder.decode(Buffer.concat(parts));
  } catch {
    throw new InvalidSelectorError(text, start, 'the escapes of the string do not form valid UTF-8');
  }
}
