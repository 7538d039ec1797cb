import type { SeriesSelector } from './series-selector.js';
import type { Labels } from './time-series.js';

/** True where all matchers hold. Compile once (`compileSelector`) to match many label sets. */
export function matchesSelector(labels: Labels, selector: SeriesSelector): boolean {
  return compileSelector(selector)(labels);
}

/** The selector as a predicate. Regular expressions match in time linear in the label value, whatever the pattern. */
export function compileSelector(selector: SeriesSelector): (labels: Labels) => boolean {
  throw new Error(`not ready: ${selector.length}`);
}
