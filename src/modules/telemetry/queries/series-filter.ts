import { compileSelector } from '../../../kernel/series-selector-matching.js';
import type { LabelMatcher, SeriesSelector } from '../../../kernel/series-selector.js';
import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import type { SqlParameter } from '../../../platform/database/database.js';

export interface SeriesFilter {
  /** SQL over telemetry_series that every matching series satisfies; `TRUE` where nothing can be said. */
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
  /** What SQL cannot decide (regular expressions have RE2's meaning, not PostgreSQL's); undefined where it decides all. */
  readonly matches: ((labels: Labels) => boolean) | undefined;
}

interface Condition {
  readonly sql: string;
  /** Whether the SQL says exactly what the matcher says. */
  readonly exact: boolean;
}

/** Turns selectors into a condition whose parameters start at `$firstParameter`. */
export function filterFor(selectors: readonly SeriesSelector[], firstParameter: number): SeriesFilter {
  if (selectors.length === 0 || selectors.some((selector) => selector.length === 0)) {
    return { sql: 'TRUE', parameters: [], matches: undefined };
  }
  const parameters: SqlParameter[] = [];
  const bind = (value: SqlParameter): string => `$${firstParameter + parameters.push(value) - 1}`;
  const conditions = selectors.map((selector) => conditionFor(selector, bind));
  const sql = conditions.map((condition) => `(${condition.sql})`).join(' OR ');
  if (conditions.every((condition) => condition.exact)) return { sql: `(${sql})`, parameters, matches: undefined };
  const predicates = selectors.map(compileSelector);
  return { sql: `(${sql})`, parameters, matches: (labels) => predicates.some((matches) => matches(labels)) };
}

function conditionFor(selector: SeriesSelector, bind: (value: SqlParameter) => string): Condition {
  const conditions: Condition[] = [];
  // All equalities in one containment test, which the GIN index answers with one look-up.
  const contained: Record<string, string> = {};
  for (const matcher of selector) {
    if (matcher.operator === '=' && matcher.value !== '' && matcher.name !== METRIC_NAME_LABEL && !(matcher.name in contained)) {
      contained[matcher.name] = matcher.value;
    } else {
      conditions.push(matcherCondition(matcher, bind));
    }
  }
  if (Object.keys(contained).length > 0) {
    conditions.push({ sql: `labels @> ${bind(JSON.stringify(contained))}::jsonb`, exact: true });
  }
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND '),
    exact: conditions.every(({ exact }) => exact),
  };
}

function matcherCondition({ name, operator, value }: LabelMatcher, bind: (value: SqlParameter) => string): Condition {
  const column = name === METRIC_NAME_LABEL ? 'metric_name' : `coalesce(labels ->> ${bind(name)}::text, '')`;
  if (operator === '=') return { sql: `${column} = ${bind(value)}::text`, exact: true };
  if (operator === '!=') return { sql: `${column} <> ${bind(value)}::text`, exact: true };
  const literals = literalAlternatives(value);
  if (!literals) return { sql: 'TRUE', exact: false };
  const test = operator === '=~' ? '= ANY' : '<> ALL';
  return { sql: `${column} ${test} (${bind(literals)}::text[])`, exact: true };
}

/** The values that `a|b|c` stands for, undefined where the pattern has more to it. */
export function literalAlternatives(pattern: string): string[] | undefined {
  return /^[^\\.+*?()[\]{}^$]*$/.test(pattern) ? pattern.split('|') : undefined;
}
