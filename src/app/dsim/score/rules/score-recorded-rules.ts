import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { alertDetections } from '../../../../engine/scorecard/alerts/alert-detections.js';
import { fireAlerts } from '../../../../engine/scorecard/alerts/fire-alerts.js';
import { recordingRange, type Recording } from '../../../../engine/scorecard/score-recording.js';
import type { LabelledStretch, ScoredRun } from '../../../../engine/scorecard/score-card.types.js';
import { AbortedError } from '../../../../engine/scorecard/watch-simulation.js';
import { METRIC_NAME_LABEL } from '../../../../kernel/time-series.js';
import { UsageError } from '../../usage-error.js';
import type { UnitHooks } from '../do-units.js';
import { asUsage, type RulesToScore } from './open-rules.js';

/** Of the work, making blocks. */
const BLOCKS_SHARE = 0.3;

/** Alert rules over recorded series, evaluated by the user's own Prometheus no more often than the series were recorded. */
export function scoreRecordedRules(
  name: string,
  recording: Recording,
  stretches: readonly LabelledStretch[],
  { programs, planFor, tools }: RulesToScore,
  { signal, progress }: UnitHooks,
): Promise<readonly ScoredRun[]> {
  const { times, stepMs, series } = recording;
  const plan = planFor(stepMs);
  const metric = (labels: Readonly<Record<string, string>>) => labels[METRIC_NAME_LABEL] ?? '';
  const read = series.filter(({ series: { labels } }) => tools.isWritable(labels) && plan.reads(metric(labels)));
  if (read.length === 0) {
    const names = [...new Set(series.map(({ series: { labels } }) => metric(labels)))];
    throw new UsageError(
      `${name}: the rules read none of its series (${names.slice(0, 5).join(', ')}${names.length > 5 ? ', ...' : ''}). A column is a metric, with labels where the rules ask for them: "up{job=""web""}".`,
    );
  }
  const { from, to, calmMs } = recordingRange(recording, stretches);
  return asUsage(() =>
    tools.withRuleFolder(async (folder) => {
      const data = join(folder, 'data');
      mkdirSync(data);
      const written = read.map(({ series: { labels }, values }) => ({ labels, times, values }));
      await tools.blocksOfSamples(programs.promtool, folder, data, written);
      progress(BLOCKS_SHARE);
      const active = await tools.evaluateRules(plan, {
        programs,
        folder: join(folder, 'evaluation'),
        data,
        from: times[0]!,
        to: times.at(-1)!,
        lookbackMs: tools.freshFor(plan, stepMs, isOnGrid(times, stepMs)),
        progress: (share) => progress(BLOCKS_SHARE + (1 - BLOCKS_SHARE) * share),
        check: () => {
          if (signal.aborted) throw new AbortedError();
        },
      });
      return plan.files.map((file): ScoredRun => ({
        detector: `rules: ${file.name}`,
        run: name,
        from,
        to,
        intervalMs: stepMs,
        calmMs,
        calmSeriesMs: calmMs * series.length,
        stretches,
        ...alertDetections(
          file.alerts.flatMap((rule) => fireAlerts(rule, active.get(rule) ?? [], to - rule.intervalMs)),
          null,
        ),
        nearMisses: {},
      }));
    }),
  );
}

function isOnGrid(times: Float64Array, stepMs: number): boolean {
  return times.every((time) => (time - times[0]!) % stepMs === 0);
}
