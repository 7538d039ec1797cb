import { compileRegex } from './series-selector-regex.js';
import type { LabelMatcher, SeriesSelector } from './series-selector.js';
import type { Labels } from './time-series.js';

/** True where all matchers hold. Compile once (`compileSelector`) to match many label sets. */
export function matchesSelector(labels: Labels, selector: SeriesSelector): boolean {
  return compileSelector(selector)(labels);
}

/**
 * The selector as a predicate. A missing label counts as the empty string. Regular expressions cover the whole value
 * and match in time linear in its length, whatever the pattern (`compileRegex`).
 *
 * @throws RegexSyntaxError for a bad expression; `parseSelector` has refused those already
 */
export function compileSelector(selector: SeriesSelector): (labels: Labels) => boolean {
  const tests = selector.map((matcher) => ({ name: matcher.name, accepts: compileMatcher(matcher) }));
  return (labels) => tests.every(({ name, accepts }) => accepts(Object.hasOwn(labels, name) ? labels[name]! : ''));
}

/** One matcher as a predicate over the label's value. */
export function compileMatcher({ operator, value }: LabelMatcher): (labelValue: string) => boolean {
  switch (operator) {
    case '=':
      return (labelValue) => labelValue === value;
    case '!=':
      return (labelValue) => labelValue !== value;
    case '=~':
      return compileRegex(value);
    case '!~': {
      const matches = compileRegex(value);
      return (labelValue) => !matches(labelValue);
    }
  }
}
