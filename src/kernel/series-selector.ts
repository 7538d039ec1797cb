/** One Prometheus label matcher. Regular expressions are anchored at both ends, as in Prometheus. */
export interface LabelMatcher {
  readonly name: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** All matchers must hold. A missing label counts as the empty string. */
export type SeriesSelector = readonly LabelMatcher[];
