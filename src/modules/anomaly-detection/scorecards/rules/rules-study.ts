import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { alertDetections } from '../../../../engine/scorecard/alerts/alert-detections.js';
import { fireAlerts } from '../../../../engine/scorecard/alerts/fire-alerts.js';
import { calmTime } from '../../../../engine/scorecard/match-detections.js';
import {
  DEFAULT_SCORE_RULES,
  type LabelledStretch,
  type ScoredRun,
} from '../../../../engine/scorecard/score-card.types.js';
import { METRIC_NAME_LABEL } from '../../../../kernel/time-series.js';
import { InjectConfig } from '../../../../platform/config/define-config.js';
import { TelemetryReader, type Series } from '../../../telemetry/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../../anomaly-detection.config.js';
import type { StudyRange } from '../../studies/study-history.js';
import { AlertRules } from './alert-rules.js';
import { evaluateRules } from './evaluate-rules.js';
import { RuleEvaluationError } from './rules.errors.js';
import { BLOCK_MS, blocksOfSamples, isWritable } from './sample-blocks.js';
import { withRuleFolder } from './with-rule-folder.js';

/** What Prometheus takes where nobody says that a series ended: stored telemetry has no marks for it. */
const LOOKBACK_MS = 300_000;
/** Series that are read at a time. */
const SERIES_AT_ONCE = 2_000;
/** Of the work, making blocks. */
const BLOCKS_SHARE = 0.5;

export interface RulesToRun {
  readonly name: string;
  readonly text: string;
  readonly stretches: readonly LabelledStretch[];
  /** Stored series that are looked at. */
  readonly matched: readonly Series[];
  /** Of these, how many detectors are run over: rates are given by them. */
  readonly watched: number;
}

/** Alert rules over stored telemetry, evaluated at the tick of the environment or as their group says. */
@Injectable()
export class RulesStudy {
  constructor(
    private readonly rules: AlertRules,
    private readonly telemetry: TelemetryReader,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  /** @param progress share of the work, from 0 to 1; throws where the study was cancelled */
  run(range: StudyRange, task: RulesToRun, progress: (share: number) => Promise<unknown>): Promise<ScoredRun> {
    const programs = this.rules.programs();
    const { environmentId, tickMs, from, to } = range;
    const { name, text, stretches, matched, watched } = task;
    const plan = this.rules.plan(name, text, tickMs);
    const metric = ({ labels }: Series) => labels[METRIC_NAME_LABEL] ?? '';
    const series = matched.filter((one) => isWritable(one.labels) && plan.reads(metric(one)));
    const first = from - plan.pendingMs - plan.lookMs;
    this.checkSize(series.length, to - first, tickMs);
    return withRuleFolder(async (folder) => {
      const data = join(folder, 'data');
      mkdirSync(data);
      let knownFrom = to;
      for (let start = Math.floor(first / BLOCK_MS) * BLOCK_MS; start < to; start += BLOCK_MS) {
        for (let at = 0; at < series.length; at += SERIES_AT_ONCE) {
          const part = series.slice(at, at + SERIES_AT_ONCE);
          const ids = part.map(({ id }) => id);
          const samples = await this.telemetry.readSamples(environmentId, ids, {
            from: Math.max(first, start),
            to: Math.min(to, start + BLOCK_MS),
          });
          const written = part.flatMap(({ id, labels }) => {
            const window = samples.get(id);
            if (window === undefined) return [];
            knownFrom = Math.min(knownFrom, window.times[0] ?? to);
            return [{ labels, ...window }];
          });
          await blocksOfSamples(programs.promtool, folder, data, written);
        }
        await progress((BLOCKS_SHARE * Math.max(0, start - first)) / (to - first));
      }
      const active = await evaluateRules(plan, {
        programs,
        folder: join(folder, 'evaluation'),
        data,
        from: from - plan.pendingMs,
        to: to - 1,
        lookbackMs: Math.max(LOOKBACK_MS, tickMs),
        progress: async (share) => void (await progress(BLOCKS_SHARE + (1 - BLOCKS_SHARE) * share)),
      });
      const [file] = plan.files;
      const fired = file!.alerts.flatMap((rule) => fireAlerts(rule, active.get(rule) ?? [], to - rule.intervalMs));
      // Where history is shorter than the range, what nobody saw is not counted as calm.
      const counted = Math.min(Math.max(from, knownFrom), to);
      const calmMs = calmTime(counted, to, stretches, DEFAULT_SCORE_RULES);
      return {
        detector: name,
        run: environmentId,
        from: counted,
        to,
        intervalMs: tickMs,
        calmMs,
        calmSeriesMs: calmMs * watched,
        stretches,
        ...alertDetections(fired, null),
        nearMisses: {},
      };
    });
  }

  private checkSize(series: number, spanMs: number, tickMs: number): void {
    if (series === 0) {
      throw new RuleEvaluationError('The rules read no series that the environment has and the selector matches.');
    }
    const most = this.config.scoreCards.maximumRuleSamples;
    const samples = Math.ceil(spanMs / tickMs) * series;
    if (samples <= most) return;
    throw new RuleEvaluationError(
      `The rules read ${series} series, about ${samples} samples of the range; at most ${most} are allowed (anomalyDetection.scoreCards.maximumRuleSamples). Ask for fewer days, or narrow the selector.`,
    );
  }
}
