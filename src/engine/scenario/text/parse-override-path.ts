import type { Path } from './tree.types.js';

/** One step: a plain word, or in brackets a position, a quoted key, or the name of an item of a list. */
const STEP = /^(?:\.?([\w-]+)|\[(\d{1,6})\]|\["((?:[^"\\]|\\.)*)"\]|\[([\w-]+)\])/;

/**
 * `services.cart.replicas`, `faults[0].intensity`, `faults[slow-db].intensity`, `signals["a b"]`.
 * Null where it is none.
 */
export function parseOverridePath(text: string): Path | null {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== '') {
    const match = STEP.exec(rest);
    if (!match || (path.length === 0 && rest.startsWith('.'))) return null;
    if (path.length === 0 && rest.startsWith('[')) return null;
    const [all, word, position, quoted, name] = match;
    if (path.length > 0 && word !== undefined && !all.startsWith('.')) return null;
    path.push(position === undefined ? (word ?? name ?? unescape(quoted ?? '')) : Number(position));
    rest = rest.slice(all.length);
  }
  return path.length === 0 ? null : path;
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
