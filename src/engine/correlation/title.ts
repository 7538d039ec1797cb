import type { EpochMs } from '../../kernel/clock.js';
import type { Labels } from '../../kernel/time-series.js';
import type { TopicSummary } from './topics.js';

const NAMED_TOPICS = 3;

export interface TitleFacts {
  readonly topics: readonly TopicSummary[];
  /** Correlation labels that all evidence shares. */
  readonly sharedLabels: Labels;
  readonly environmentName: string;
  readonly startedAt: EpochMs;
}

/** One sentence from facts: `CPU and load on host-1: 4 series off their expected band since 14:02 UTC`. */
export function titleOf(facts: TitleFacts): string {
  const series = facts.topics.reduce((sum, topic) => sum + topic.series, 0);
  const count = series === 1 ? '1 series off its expected band' : `${series} series off their expected band`;
  return `${subjectOf(facts.topics)} ${placeOf(facts)}: ${count} since ${clockTime(facts.startedAt)}`;
}

/** Strongest topics first; equal ones by name, so that the order of arrival shows nowhere. */
function subjectOf(topics: readonly TopicSummary[]): string {
  const peaks = new Map<string, number>();
  for (const { topic, peakScore } of topics) peaks.set(topic, Math.max(peaks.get(topic) ?? 0, peakScore));
  const names = [...peaks.entries()].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
  if (names.length === 0) return 'Unknown';
  const shown =
    names.length > NAMED_TOPICS
      ? [...names.slice(0, NAMED_TOPICS - 1), `${names.length - NAMED_TOPICS + 1} more`]
      : names;
  return capitalise(shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)!}`);
}

function placeOf({ sharedLabels, environmentName }: TitleFacts): string {
  if (sharedLabels.instance) return `on ${hostOf(sharedLabels.instance)}`;
  if (sharedLabels.service) return `in service ${sharedLabels.service}`;
  if (sharedLabels.job) return `in job ${sharedLabels.job}`;
  return `in ${environmentName}`;
}

/** `host-1:9100` is `host-1` to people: the port is the exporter's. IPv6 addresses stay whole. */
function hostOf(instance: string): string {
  return /^([^:]+|\[[^\]]+\]):\d+$/.exec(instance)?.[1] ?? instance;
}

function clockTime(at: EpochMs): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** Topics that are metric names stay as they are written. */
function capitalise(text: string): string {
  return /^[a-z]+([ ,]|$)/.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text;
}

/** Those of the correlation labels that every one of the label sets carries with the same value. */
export function sharedLabelsOf(labelSets: readonly Labels[], names: readonly string[]): Labels {
  const [first, ...others] = labelSets;
  if (first === undefined) return {};
  const shared = names.filter((name) => first[name] && others.every((labels) => labels[name] === first[name]));
  return Object.fromEntries(shared.map((name) => [name, first[name]!]));
}
