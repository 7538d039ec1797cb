import { advanceGroups, createGroups } from '../../../engine/detection/groups/advance-groups.js';
import { createCallGraph, learnCalls } from '../../../engine/detection/groups/call-graph.js';
import { DEFAULT_GROUP_RULES } from '../../../engine/detection/groups/groups.types.js';
import type { FoundAnomaly } from '../../../engine/detection/settings/find-anomalies.js';
import { calmTime } from '../../../engine/scorecard/match-detections.js';
import {
  DEFAULT_SCORE_RULES,
  type Detection,
  type LabelledStretch,
  type ScoredRun,
} from '../../../engine/scorecard/score-card.types.js';
import { serviceOf } from '../../../engine/watch/service-of.js';
import { formatSeries } from '../../../kernel/time-series.js';
import type { Series } from '../../telemetry/index.js';
import type { StudyRange } from '../studies/study-history.js';

interface FoundOfSeries {
  readonly anomaly: FoundAnomaly;
  readonly series: Series;
}

/** What one configuration found, as score cards take it. A page is a group of anomalies, as in the service. */
export function scoredRun(
  detector: string,
  run: string,
  range: StudyRange,
  stretches: readonly LabelledStretch[],
  found: { readonly scored: number; readonly knownFrom: number; readonly anomalies: readonly FoundOfSeries[] },
): ScoredRun {
  // Where history is shorter than the range, what nobody saw is not counted as calm.
  const from = Math.min(Math.max(range.from, found.knownFrom), range.to);
  const counted = found.anomalies.filter(({ anomaly }) => anomaly.openedAt >= from);
  const calmMs = calmTime(from, range.to, stretches, DEFAULT_SCORE_RULES);
  return {
    detector,
    run,
    from,
    to: range.to,
    intervalMs: range.tickMs,
    calmSeriesMs: calmMs * found.scored,
    calmMs,
    stretches,
    anomalies: counted.map(detectionOf),
    pages: pagesOf(counted),
    nearMisses: {},
  };
}

function detectionOf({ anomaly, series: { labels } }: FoundOfSeries): Detection {
  return {
    at: anomaly.openedAt,
    endedAt: anomaly.endedAt,
    service: serviceOf(labels),
    subject: formatSeries(labels),
    reason: `score ${anomaly.peak.score.toFixed(1)}`,
    branch: null,
    trace: null,
  };
}

/** The first anomaly of each group, as it paged. */
function pagesOf(found: readonly FoundOfSeries[]): Detection[] {
  const graph = createCallGraph();
  for (const { series } of found) learnCalls(graph, series.labels);
  const happenings = found.flatMap(({ anomaly }, index) => [
    { at: anomaly.openedAt, index, opens: true },
    ...(anomaly.endedAt === null ? [] : [{ at: Math.max(anomaly.endedAt, anomaly.openedAt), index, opens: false }]),
  ]);
  happenings.sort((a, b) => a.at - b.at || Number(b.opens) - Number(a.opens) || a.index - b.index);
  const groups = createGroups();
  const pages: Detection[] = [];
  let made = 0;
  const options = { rules: DEFAULT_GROUP_RULES, graph, newId: () => String((made += 1)) };
  for (const { at, index, opens } of happenings) {
    const { anomaly, series } = found[index]!;
    const facts = { anomalyId: String(index), score: anomaly.peak.score };
    const opened = opens ? [{ ...facts, labels: series.labels, startedAt: anomaly.startedAt }] : [];
    const ended = opens ? [] : [{ ...facts, endedAt: anomaly.endedAt! }];
    const changes = advanceGroups(groups, { opened, ended }, at, options);
    if (changes.some(({ kind }) => kind === 'opened')) pages.push(detectionOf(found[index]!));
  }
  return pages;
}
