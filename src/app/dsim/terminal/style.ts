const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Characters that are seen: without what sets colours. */
export function visibleLength(text: string): number {
  return text.replace(/\x1b\[\d+m/g, '').length;
}

export type Style = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

export function createStyle(colours: boolean): Style {
  const paint =
    ([on, off]: readonly [number, number]) =>
    (text: string) =>
      colours ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  const styles = Object.entries(CODES).map(([name, codes]) => [name, paint(codes)]);
  return Object.fromEntries(styles) as Style;
}
