import type { SeriesSelector } from './series-selector.js';

/**
 * Parses a Prometheus series selector: `up`, `up{job="node"}`, `{__name__=~"node_.*",job!="x"}`, `{"my.metric"}`.
 *
 * @throws InvalidSelectorError with the position and the cure
 */
export function parseSelector(text: string): SeriesSelector {
  throw new Error(`not ready: ${text}`);
}
