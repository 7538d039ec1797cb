import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { explainAnomaly, type Explanation } from '../../engine/detection/explain/explain-anomaly.js';
import { rarityOf } from '../../engine/detection/explain/rarity.js';
import type { DetectorUpdate } from '../../engine/detection/detector.js';
import { Cache } from '../../platform/cache/cache.js';
import { InjectConfig } from '../../platform/config/define-config.js';
import { EVERYWHERE, ModelChoice, type ActiveModels } from '../../modules/anomaly-detection/index.js';
import { aiApiConfig, type AiApiConfig } from './ai-api.config.js';
import type { ExplainResponse, ScoreRequest, ScoreResponse } from './scoring.schema.js';
import { WindowScorer, type WindowScores } from './window-scorer.js';
import { prepareWindows, type PreparedSeries, type PreparedWindows } from './windows.js';

/** Scores and explains windows that callers send. The same windows and models get the kept answer. */
@Injectable()
export class WindowScoring {
  constructor(
    private readonly models: ModelChoice,
    private readonly scorer: WindowScorer,
    private readonly cache: Cache,
    @InjectConfig(aiApiConfig) private readonly config: AiApiConfig,
  ) {}

  score(request: ScoreRequest): Promise<ScoreResponse> {
    return this.answer('score', request, (windows, scores) =>
      windows.series.map((series, index) => {
        const { updates, states } = scores;
        const last = updates.at(-1)!;
        const first = windows.grid.count - updates.length;
        const explained = last.score[index]! > 1 ? explanationOf(windows, last, index) : null;
        return {
          labels: series.labels,
          unit: series.unit,
          state: stateOf(last, index),
          missingPoints: last.missingPoints[index]!,
          anomalous: states[index]!.tracker.phase === 'open',
          points: updates.map((update, i) => pointOf(windows, series, update, index, first + i)),
          sentence: explained?.sentence ?? null,
        };
      }),
    );
  }

  explain(request: ScoreRequest): Promise<ExplainResponse> {
    return this.answer('explain', { ...request, points: 'last' }, (windows, { detector, states, updates }) =>
      windows.series.map((series, index) => {
        const last = updates.at(-1)!;
        const score = numberOf(last.score[index]!);
        const explained = score === null ? null : explanationOf(windows, last, index);
        return {
          labels: series.labels,
          score,
          sentence: explained?.sentence ?? null,
          value: explained?.value ?? null,
          expected: explained?.expected ?? null,
          rarity: explained?.rarity ?? null,
          channels: detector.describe(states[index]!).channels.map(({ name, active, reason }) => {
            return { name, active, reason, score: numberOf(last.contributions[name]?.[index] ?? NaN) };
          }),
        };
      }),
    );
  }

  private async answer<Series>(
    what: 'score' | 'explain',
    request: ScoreRequest,
    series: (windows: PreparedWindows, scores: WindowScores) => Series[],
  ): Promise<{ detector: string; models: string; degraded: string | null; series: Series[] }> {
    const windows = prepareWindows(request, this.config);
    const models = await this.models.activeFor(request.environmentId ?? EVERYWHERE);
    const make = async () => {
      const scores = await this.scorer.score(windows, models, request.falseAlarmsPerWeek, request.points === 'all');
      const detector = `${scores.detector.id}@${scores.detector.version}`;
      return { detector, models: models.revision, degraded: scores.degraded, series: series(windows, scores) };
    };
    const { cacheSeconds } = this.config;
    if (cacheSeconds === 0) return make();
    const key = keyOf(what, request, models);
    const known = await this.cache.get<Awaited<ReturnType<typeof make>>>(key);
    if (known) return known;
    const made = await make();
    // What was scored without its model is not what the next caller should get.
    if (made.degraded === null) await this.cache.set(key, made, cacheSeconds * 1_000);
    return made;
  }
}

/** By content and versions: validation has put the fields in one order, and filled in what was left out. */
function keyOf(what: string, request: ScoreRequest, { revision }: ActiveModels): string {
  const hash = createHash('sha256').update(`${what}\0${revision}\0`).update(JSON.stringify(request));
  return `ai-api:${hash.digest('base64url')}`;
}

function stateOf(update: DetectorUpdate, index: number): 'ok' | 'learning' | 'no-value' {
  if (update.missingPoints[index]! > 0) return 'learning';
  return Number.isNaN(update.score[index]!) ? 'no-value' : 'ok';
}

function pointOf(
  { grid }: PreparedWindows,
  { values }: PreparedSeries,
  update: DetectorUpdate,
  index: number,
  tick: number,
): ScoreResponse['series'][number]['points'][number] {
  const contributions: Record<string, number> = {};
  for (const [channel, column] of Object.entries(update.contributions)) {
    const score = numberOf(column[index]!);
    if (score !== null && score > 0) contributions[channel] = score;
  }
  return {
    // The tick stands for what came before it; callers asked about their own time.
    at: new Date(grid.first - 1 + tick * grid.stepMs).toISOString(),
    value: numberOf(values[tick]!),
    score: numberOf(update.score[index]!),
    yhat: numberOf(update.yhat[index]!),
    yhatLower: numberOf(update.yhatLower[index]!),
    yhatUpper: numberOf(update.yhatUpper[index]!),
    contributions,
  };
}

function explanationOf({ grid, series }: PreparedWindows, update: DetectorUpdate, index: number): Explanation {
  const { labels, unit, values } = series[index]!;
  const at = grid.first - 1 + (grid.count - 1) * grid.stepMs;
  const value = values[grid.count - 1]!;
  const [score, yhat] = [update.score[index]!, update.yhat[index]!];
  const contributions = Object.fromEntries(
    Object.entries(update.contributions).map(([name, column]) => [name, column[index]!] as const),
  );
  return explainAnomaly({
    labels,
    unit,
    startedAt: at,
    endedAt: null,
    peakAt: at,
    score,
    value,
    yhat,
    yhatLower: update.yhatLower[index]!,
    yhatUpper: update.yhatUpper[index]!,
    contributions,
    rarity: rarityOf(values.subarray(0, grid.count - 1), grid.stepMs, value, yhat),
    coMovers: [],
  });
}

/** JSON has no infinity: an open side of a band is null. */
function numberOf(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
