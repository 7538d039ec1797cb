import { compileSelector } from '../../../kernel/series-selector-matching.js';
import { parseSelector } from '../../../kernel/series-selector-parser.js';
import type { Labels } from '../../../kernel/time-series.js';
import type { SeriesSettings } from '../detector.js';
import type { DetectionSettings, ResolvedSeries, SettingsRule, Suppression } from './detection-settings.types.js';
import { suppressionOf } from './suppression.js';

/** What holds where no rule says otherwise: the configuration file and the built-in rules. */
export interface SeriesDefaults {
  readonly settings: SeriesSettings;
  readonly excluded: string | null;
}

export interface CompiledSettings {
  readonly document: DetectionSettings;
  readonly rules: readonly { readonly rule: SettingsRule; matches(labels: Labels): boolean }[];
  /** Series that the same rules cover share one suppression, so that its memory of the calendar serves all of them. */
  readonly suppressions: Map<string, Suppression | null>;
}

/** @throws InvalidSelectorError where a `match` is no selector; checked documents have none */
export function compileSettings(document: DetectionSettings): CompiledSettings {
  return {
    document,
    rules: document.rules.map((rule) => ({ rule, matches: matcherOf(rule.match) })),
    suppressions: new Map(),
  };
}

/** Settings of one series: defaults, then rules, of which the first that states a setting decides it. */
export function resolveSeries(compiled: CompiledSettings, labels: Labels, defaults: SeriesDefaults): ResolvedSeries {
  const matching = compiled.rules.flatMap(({ rule, matches }, index) => (matches(labels) ? [{ rule, index }] : []));
  if (matching.length === 0) return { ...defaults, suppression: null, rules: [] };
  const used = new Set<string>();
  const first = <K extends keyof SettingsRule>(key: K): SettingsRule[K] | undefined => {
    const deciding = matching.find(({ rule }) => rule[key] !== undefined);
    if (deciding) used.add(deciding.rule.name);
    return deciding?.rule[key];
  };
  const base = defaults.settings;
  const [direction, dataRange, excluded] = [first('direction'), first('dataRange'), first('excluded')];
  const settings: SeriesSettings = {
    ...base,
    minimumDeviation: first('minimumDeviation') ?? base.minimumDeviation,
    minimumRelativeDeviation: first('minimumRelativeDeviation') ?? base.minimumRelativeDeviation,
    sensitivity: base.sensitivity / (first('sensitivity') ?? 1),
    ...(direction === undefined ? {} : { direction }),
    ...(dataRange === undefined ? {} : { dataRange: rangeOf(dataRange) }),
  };
  const businessHours = first('businessHours');
  const windows = matching.filter(({ rule }) => (rule.maintenance?.length ?? 0) > 0);
  for (const { rule } of windows) used.add(rule.name);
  const key = JSON.stringify([businessHours ?? null, windows.map(({ index }) => index)]);
  let suppression = compiled.suppressions.get(key);
  if (suppression === undefined) {
    suppression = suppressionOf(
      businessHours,
      windows.flatMap(({ rule }) => rule.maintenance!),
    );
    compiled.suppressions.set(key, suppression);
  }
  return {
    settings,
    excluded: excluded === undefined ? defaults.excluded : excluded === false ? null : excluded.reason,
    suppression,
    rules: matching.flatMap(({ rule }) => (used.has(rule.name) ? [rule.name] : [])),
  };
}

function matcherOf(match: string): (labels: Labels) => boolean {
  return match.trim() === '' ? () => true : compileSelector(parseSelector(match));
}

function rangeOf({ lower, upper }: NonNullable<SettingsRule['dataRange']>): { lower: number; upper: number } {
  return { lower: lower ?? -Infinity, upper: upper ?? Infinity };
}
