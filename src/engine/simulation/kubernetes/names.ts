import { nextBelow, nextUint32, type RandomStream } from '../random/random.js';

/** Characters of generated names: no vowels, no digits that look like letters. Source: apimachinery util/rand. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * Label `pod-template-hash`: FNV-1a of the template, its decimal digits written in the alphabet.
 * Source: kubernetes pkg/controller/controller_utils.go, ComputeHash; apimachinery util/rand, SafeEncodeString.
 */
export function templateHash(template: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < template.length; i++) hash = Math.imul(hash ^ template.charCodeAt(i), 0x01000193);
  let text = '';
  for (const digit of String(hash >>> 0)) text += ALPHABET[digit.charCodeAt(0) % ALPHABET.length];
  return text;
}

/** The last five characters of a pod's name. */
export function nameSuffix(stream: RandomStream): string {
  let text = '';
  for (let i = 0; i < 5; i++) text += ALPHABET[nextBelow(stream, ALPHABET.length)];
  return text;
}

/** A version 4 UUID. */
export function randomUid(stream: RandomStream): string {
  const hex = (bits: number): string => (bits >>> 0).toString(16).padStart(8, '0');
  const b = hex((nextUint32(stream) & 0xffff0fff) | 0x00004000);
  const c = hex((nextUint32(stream) & 0x3fffffff) | 0x80000000);
  const a = hex(nextUint32(stream));
  const d = hex(nextUint32(stream));
  return `${a}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${d}`;
}

/** Uniform on [0, 1), a pure function of its arguments: who is chosen by a fault, whatever the order of asking. */
export function chanceOf(seed: number, purpose: string, subject: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  const text = `${purpose}/${subject}`;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 4294967296;
}
