/** Set of code points in a regular expression. */
export interface CharSet {
  has(codePoint: number): boolean;
}

export function anyChar(): CharSet {
  return { has: () => true };
}

export function rangeSet(ranges: readonly (readonly [from: number, to: number])[]): CharSet {
  if (ranges.length === 1) {
    const [from, to] = ranges[0]!;
    return { has: (codePoint) => codePoint >= from && codePoint <= to };
  }
  return { has: (codePoint) => ranges.some(([from, to]) => codePoint >= from && codePoint <= to) };
}

export function unionOf(sets: readonly CharSet[]): CharSet {
  return sets.length === 1 ? sets[0]! : { has: (codePoint) => sets.some((set) => set.has(codePoint)) };
}

export function complementOf(set: CharSet): CharSet {
  return { has: (codePoint) => !set.has(codePoint) };
}

/** The set with case ignored, by simple case mapping. */
export function ignoringCase(set: CharSet): CharSet {
  return {
    has(codePoint) {
      if (set.has(codePoint)) return true;
      const text = String.fromCodePoint(codePoint);
      return single(text.toLowerCase(), set) || single(text.toUpperCase(), set);
    },
  };
}

/** Perl classes are ASCII in RE2. */
export const PERL_CLASSES: Readonly<Record<string, CharSet>> = {
  d: rangeSet([[48, 57]]),
  w: rangeSet([
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ]),
  s: rangeSet([
    [9, 10],
    [12, 13],
    [32, 32],
  ]),
};

export const POSIX_CLASSES: Readonly<Record<string, CharSet>> = {
  alnum: rangeSet([
    [48, 57],
    [65, 90],
    [97, 122],
  ]),
  alpha: rangeSet([
    [65, 90],
    [97, 122],
  ]),
  ascii: rangeSet([[0, 127]]),
  blank: rangeSet([
    [9, 9],
    [32, 32],
  ]),
  cntrl: rangeSet([
    [0, 31],
    [127, 127],
  ]),
  digit: rangeSet([[48, 57]]),
  graph: rangeSet([[33, 126]]),
  lower: rangeSet([[97, 122]]),
  print: rangeSet([[32, 126]]),
  punct: rangeSet([
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ]),
  space: rangeSet([
    [9, 13],
    [32, 32],
  ]),
  upper: rangeSet([[65, 90]]),
  word: PERL_CLASSES['w']!,
  xdigit: rangeSet([
    [48, 57],
    [65, 70],
    [97, 102],
  ]),
};

/** General category (`L`, `Lu`) or script (`Greek`) of Unicode; undefined where there is none of that name. */
export function unicodeClass(name: string): CharSet | undefined {
  if (!/^[A-Za-z_]+$/.test(name)) return undefined;
  for (const property of [`General_Category=${name}`, `Script=${name}`]) {
    try {
      const pattern = new RegExp(`^\\p{${property}}$`, 'u');
      return { has: (codePoint) => pattern.test(String.fromCodePoint(codePoint)) };
    } catch {
      // Not that kind of property.
    }
  }
  return undefined;
}

function single(text: string, set: CharSet): boolean {
  const codePoint = text.codePointAt(0)!;
  return text.length === String.fromCodePoint(codePoint).length && set.has(codePoint);
}
