const BLOCKS = '▁▂▃▄▅▆▇█';

export type Reduce = 'mean' | 'max';

/** As many values as there are characters: the mean or the largest of those that fall on each; null: none of them is known. */
export function resample(values: readonly (number | null)[], width: number, reduce: Reduce): (number | null)[] {
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_, i) => {
    const part = values
      .slice(Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count))
      .filter((value) => value !== null);
    if (part.length === 0) return null;
    return reduce === 'max' ? Math.max(...part) : part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

/**
 * A line of block characters, from `low` (the lowest block) to `high`; what is not known is a space. The bounds are
 * those of the values where they are not given; values that are all alike lie at the bottom.
 */
export function sparkline(values: readonly (number | null)[], low?: number, high?: number): string {
  const known = values.filter((value) => value !== null);
  const from = low ?? Math.min(...known);
  const range = (high ?? Math.max(...known)) - from;
  return values
    .map((value) => {
      if (value === null) return ' ';
      const share = range > 0 ? Math.min(1, Math.max(0, (value - from) / range)) : 0;
      return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(share * BLOCKS.length))]!;
    })
    .join('');
}
