import { hint } from '../text/suggest.js';

/** A value as messages show it. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What to write instead of a duration that is none; empty where that cannot be guessed. */
export function durationAdvice(input: string | number, bare: boolean): string {
  if (typeof input === 'number') return input > 0 && !bare ? `; write ${input}ms or ${input}s` : '';
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-zµ]*)$/i.exec(input) ?? [];
  if (number === undefined) return '';
  if (unit === '') return `; write ${number}ms or ${number}s`;
  const near = nearestUnit(unit.toLowerCase());
  return near === undefined ? '' : `; write ${number}${near}`;
}

function nearestUnit(word: string): string | undefined {
  if (/^(ms|mil)/.test(word)) return 'ms';
  if (/^(µs|us|mic)/.test(word)) return 'us';
  return /^(s|mi?n?$|min|h|d|w)/.test(word) ? word[0] : undefined;
}

export function shareAdvice(input: string | number): string {
  return typeof input === 'number' && input > 1 && input <= 100 ? `; write ${input}%` : '';
}

/** `256MB` is no Kubernetes quantity: 256M and 256Mi are. */
export function sizeAdvice(input: string | number): string {
  const [, number, prefix = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(String(input)) ?? [];
  if (number === undefined || prefix === '') return '';
  const letter = prefix.toUpperCase();
  return `; write ${number}${letter}i, or ${number}${letter === 'K' ? 'k' : letter} for powers of 1000`;
}

export function rateAdvice(input: string | number): string {
  const number = /^(\d+(?:\.\d+)?)\s*(?:rps|qps|req\/s|\/sec(?:ond)?|hz)?$/i.exec(String(input))?.[1];
  return number === undefined ? '' : `; write ${number}/s`;
}

export function coresAdvice(input: string | number): string {
  const number = /^(\d+(?:\.\d+)?)\s*v?(?:cores?|cpus?)$/i.exec(String(input))?.[1];
  return number === undefined ? '' : `; write ${number}`;
}

const BINARY = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'];

const DECIMAL = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
] as const;

/** In the largest binary unit of which it is a whole multiple, or such a decimal one. */
export function formatBytes(bytes: number): string {
  const index = BINARY.findIndex((_, position) => bytes > 0 && bytes % 1024 ** (BINARY.length - position) === 0);
  if (index >= 0) return `${bytes / 1024 ** (BINARY.length - index)}${BINARY[index]}`;
  const decimal = DECIMAL.find(([unit]) => bytes > 0 && bytes % unit === 0);
  return decimal ? `${bytes / decimal[0]}${decimal[1]}` : String(bytes);
}

/** Message for a mapping that is one of several kinds and says which by a key. */
export function kindMessage(key: string, kinds: readonly string[]): (issue: { readonly input?: unknown }) => string {
  const list = `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`;
  return ({ input }) => {
    const given = typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[key] : undefined;
    if (typeof input === 'string' && kinds.includes(input)) return `must be a mapping; write { ${key}: ${input} }`;
    if (given === undefined) return `must have a ${key}: ${list}`;
    const near = hint(String(given), kinds);
    return `must be ${list}, not ${shown(given)}${near.startsWith('; did') ? near : ''}`;
  };
}
