import { compileSelector } from '../../../kernel/series-selector-matching.js';
import type { LabelMatcher } from '../../../kernel/series-selector.js';
import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import type { SqlParameter } from '../../../platform/database/database.js';

export interface SeriesFilter {
  /** SQL over telemetry_series that every matching series satisfies; `TRUE` where nothing can be said. */
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
  /** Whether an index finds the series; otherwise they are found by walking through all of them. */
  readonly indexed: boolean;
  /** What SQL cannot decide (regular expressions have RE2's meaning, not PostgreSQL's); undefined where it decides all. */
  readonly matches: ((labels: Labels) => boolean) | undefined;
}

/** A regular expression that was tried on the values a label has: those it accepts, or refuses. */
export interface ValuesMatcher {
  readonly name: string;
  readonly operator: 'in' | 'not-in';
  readonly values: readonly string[];
}

type AnyMatcher = LabelMatcher | ValuesMatcher;
export type ExpandedSelector = readonly AnyMatcher[];

interface Condition {
  readonly sql: string;
  /** Whether the SQL says exactly what the matcher says. */
  readonly exact: boolean;
  readonly indexed: boolean;
}

/** Up to so many values the GIN index is asked for each. */
const MOST_LOOKUPS = 200;

/** Turns selectors into a condition whose parameters start at `$firstParameter`. */
export function filterFor(selectors: readonly ExpandedSelector[], firstParameter: number): SeriesFilter {
  if (selectors.length === 0 || selectors.some((selector) => selector.length === 0)) {
    return { sql: 'TRUE', parameters: [], indexed: false, matches: undefined };
  }
  const parameters: SqlParameter[] = [];
  const bind = (value: SqlParameter): string => `$${firstParameter + parameters.push(value) - 1}`;
  const conditions = selectors.map((selector) => conditionFor(selector, bind));
  const sql = `(${conditions.map((condition) => `(${condition.sql})`).join(' OR ')})`;
  const indexed = conditions.every((condition) => condition.indexed);
  if (conditions.every((condition) => condition.exact)) return { sql, parameters, indexed, matches: undefined };
  const predicates = selectors.map((selector) => compileSelector(selector.filter(isLabelMatcher)));
  return { sql, parameters, indexed, matches: (labels) => predicates.some((matches) => matches(labels)) };
}

function conditionFor(selector: ExpandedSelector, bind: (value: SqlParameter) => string): Condition {
  const conditions: Condition[] = [];
  // All equalities in one containment test, which the GIN index answers with one look-up.
  const contained: Record<string, string> = {};
  for (const matcher of selector) {
    if (
      matcher.operator === '=' &&
      matcher.value !== '' &&
      matcher.name !== METRIC_NAME_LABEL &&
      !(matcher.name in contained)
    ) {
      contained[matcher.name] = matcher.value;
    } else {
      conditions.push(matcherCondition(matcher, bind));
    }
  }
  if (Object.keys(contained).length > 0) {
    conditions.push({ sql: `labels @> ${bind(JSON.stringify(contained))}::jsonb`, exact: true, indexed: true });
  }
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND '),
    exact: conditions.every(({ exact }) => exact),
    indexed: conditions.some(({ indexed }) => indexed),
  };
}

function matcherCondition(matcher: AnyMatcher, bind: (value: SqlParameter) => string): Condition {
  const { name } = matcher;
  const column = () => (name === METRIC_NAME_LABEL ? 'metric_name' : `coalesce(labels ->> ${bind(name)}::text, '')`);
  if (matcher.operator === '=') return exactly(`${column()} = ${bind(matcher.value)}::text`);
  if (matcher.operator === '!=') return exactly(`${column()} <> ${bind(matcher.value)}::text`);
  const values = isLabelMatcher(matcher) ? literalAlternatives(matcher.value) : matcher.values;
  if (!values) return { sql: 'TRUE', exact: false, indexed: false };
  if (matcher.operator === '!~' || matcher.operator === 'not-in')
    return exactly(`${column()} <> ALL (${bind(values)}::text[])`);
  if (name !== METRIC_NAME_LABEL && values.length <= MOST_LOOKUPS && !values.includes('')) {
    const objects = values.map((value) => JSON.stringify({ [name]: value }));
    return { sql: `labels @> ANY (${bind(objects)}::jsonb[])`, exact: true, indexed: true };
  }
  return exactly(`${column()} = ANY (${bind(values)}::text[])`);
}

function exactly(sql: string): Condition {
  return { sql, exact: true, indexed: false };
}

function isLabelMatcher(matcher: AnyMatcher): matcher is LabelMatcher {
  return matcher.operator !== 'in' && matcher.operator !== 'not-in';
}

/** Whether SQL can say it without knowing the values of the label. */
export function isDecidable({ operator, value }: LabelMatcher): boolean {
  return operator === '=' || operator === '!=' || literalAlternatives(value) !== undefined;
}

/** The values that `a|b|c` stands for, undefined where the pattern has more to it. */
export function literalAlternatives(pattern: string): string[] | undefined {
  return /^[^\\.+*?()[\]{}^$]*$/.test(pattern) ? pattern.split('|') : undefined;
}
