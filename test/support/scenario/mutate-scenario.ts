import { createRandom, nextBelow } from '../../../src/engine/simulation/random/random.js';

export type Draw = (below: number) => number;

/** Whole numbers from 0, the same for the same seed. */
export function drawer(seed: number): Draw {
  const random = createRandom(seed, 'test/mutations');
  return (below) => (below <= 0 ? 0 : nextBelow(random, below));
}

const PIECES = [
  '',
  ' ',
  '\n',
  '\t',
  ':',
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  "'",
  '&a ',
  '*a',
  '<<: ',
  '!x ',
  '|',
  '>',
  '#',
  '%',
  '@',
  '---\n',
  '...',
  '\u0000',
  '\ud800',
  '\u2028',
  '0',
  '-1',
  '1e999',
  '.nan',
  '~',
  'null',
  'true',
  '__proto__',
  'constructor',
  '5m',
  '200%',
  '9'.repeat(400),
  'é',
  '${x}',
];

/** The text with some characters taken out, doubled or put in, or lines moved. */
export function mutateText(text: string, draw: Draw): string {
  let result = text;
  for (let change = draw(4); change >= 0; change--) {
    const at = draw(result.length + 1);
    const end = Math.min(result.length, at + draw(12));
    const piece = PIECES[draw(PIECES.length)]!;
    const lines = result.split('\n');
    const line = draw(lines.length);
    switch (draw(5)) {
      case 0:
        result = result.slice(0, at) + result.slice(end);
        break;
      case 1:
        result = result.slice(0, at) + piece + result.slice(at);
        break;
      case 2:
        result = result.slice(0, at) + piece + result.slice(end);
        break;
      case 3:
        result = lines.toSpliced(line, 1, lines[draw(lines.length)]!).join('\n');
        break;
      default:
        result = lines.toSpliced(line, 0, `${' '.repeat(draw(8))}${lines[line]}`).join('\n');
    }
  }
  return result;
}

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1,
  2.5,
  1e9,
  1e308,
  '',
  ' ',
  'none',
  '5m',
  '250ms',
  '10%',
  '200%',
  '1Gi',
  '120/s',
  'at most 5',
  '1..2',
  'web',
  'web.request',
  'db.write',
  'cart',
  '2026-01-01',
  'x'.repeat(300),
  '$',
  [],
  {},
  [[]],
  [null],
  [{}],
  { a: 1 },
  { kind: 'cache' },
  ['web'],
  { service: 'web' },
  { mean: '5ms', p99: '20ms' },
];

type Container = Record<string | number, unknown>;

/** A copy of a decoded document with some values replaced, moved, taken out or renamed. */
export function mutateValue(document: unknown, draw: Draw): unknown {
  const copy = structuredClone(document);
  for (let change = draw(3); change >= 0; change--) {
    const places = placesIn(copy);
    const [container, key] = places[draw(places.length)]!;
    const [other, otherKey] = places[draw(places.length)]!;
    switch (draw(5)) {
      case 0:
        container[key] = VALUES[draw(VALUES.length)];
        break;
      case 1:
        container[key] = structuredClone(other[otherKey]);
        break;
      case 2:
        if (Array.isArray(container)) container.splice(Number(key), 1);
        else delete container[key];
        break;
      case 3:
        if (!Array.isArray(container)) container[`${key}${'xs'[draw(2)]}`] = container[key];
        break;
      default:
        if (Array.isArray(container)) container.push(structuredClone(container[draw(container.length)]));
        else container[String(otherKey)] = structuredClone(other[otherKey]);
    }
  }
  return copy;
}

function placesIn(value: unknown): [Container, string | number][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) => [
    [value as Container, key] as [Container, string],
    ...placesIn((value as Container)[key]),
  ]);
}
