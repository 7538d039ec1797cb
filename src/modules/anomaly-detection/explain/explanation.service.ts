import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { CoMover } from '../../../engine/detection/explain/co-movers.js';
import { explainAnomaly } from '../../../engine/detection/explain/explain-anomaly.js';
import { wordsOf } from '../../../engine/detection/explain/metric-words.js';
import { rarityOf, type Rarity } from '../../../engine/detection/explain/rarity.js';
import type { SentencePart } from '../../../engine/detection/explain/sentence-part.js';
import { seriesQuery } from '../../../engine/detection/explain/series-query.js';
import { NO_CARRY, resample } from '../../../engine/detection/resample.js';
import { RESIDUAL_METRIC, SHARE_METRIC } from '../../../engine/detection/service/signals.types.js';
import { scoredUnit, type ScoredUnit } from '../../../engine/detection/series-unit.js';
import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { TelemetryReader } from '../../telemetry/index.js';
import { AnomalyNotFoundError } from '../anomaly-detection.errors.js';
import { toItem } from '../api/detection.service.js';
import type { AnomalyRow } from '../data/rows.js';
import { CoMoverFinder } from './co-mover-finder.js';
import type { anomalyDetail } from './explanation.schema.js';
import { ExplanationReadModel } from './explanation.read-model.js';

const DAY_MS = 86_400_000;
/** History that an anomaly is compared with. */
const HISTORY_MS = 2 * DAY_MS;
/** Points of the history, at most: of environments with very short ticks less is read. */
const MOST_POINTS = 50_000;
/** Shown around an anomaly. */
const MARGIN_MS = 30 * 60_000;

type Detail = z.output<typeof anomalyDetail>;

/** Makes an anomaly explain itself, when somebody asks: the facts are in the database, the words in the engine. */
@Injectable()
export class ExplanationService {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly telemetry: TelemetryReader,
    private readonly readModel: ExplanationReadModel,
    private readonly coMovers: CoMoverFinder,
  ) {}

  async explain(environmentId: string, anomalyId: string): Promise<Detail> {
    const { tickSeconds } = await this.environments.get(environmentId);
    const anomaly = await this.readModel.anomaly(environmentId, anomalyId);
    if (!anomaly) throw new AnomalyNotFoundError(anomalyId);
    const tickMs = tickSeconds * 1000;
    const [series] = await this.telemetry.seriesByIds(environmentId, [anomaly.seriesId]);
    // A series whose samples have passed the retention is gone; its anomaly still has its labels.
    const unit = scoredUnit(anomaly.labels, series?.metricType ?? 'unknown');
    const [rarity, movers, shares] = await Promise.all([
      this.rarity(anomaly, unit, tickMs),
      this.coMovers.find(anomaly, tickMs),
      this.shares(anomaly, tickMs),
    ]);
    const explanation = explainAnomaly({
      ...anomaly,
      ...measuredOf(anomaly),
      unit,
      startedAt: anomaly.startedAt.getTime(),
      endedAt: anomaly.endedAt?.getTime() ?? null,
      peakAt: anomaly.peakAt.getTime(),
      contributions: anomaly.contributions ?? {},
      rarity,
      coMovers: movers,
      parts: shares,
    });
    return {
      ...toItem(anomaly),
      unit,
      sentence: explanation.sentence,
      parts: explanation.parts.map(partOf),
      valueText: explanation.value,
      expectedText: explanation.expected,
      channels: [...explanation.channels],
      rarity: {
        text: explanation.rarity,
        side: rarity?.side ?? null,
        points: rarity?.points ?? 0,
        asFar: rarity?.asFar ?? 0,
        spanSeconds: (rarity?.spanMs ?? 0) / 1000,
      },
      coMovers: movers.map(moverOf),
      shares: shares.map(({ labels, share }) => ({ labels: { ...labels }, share, text: textOf(labels, 'raw') })),
      links: linksOf(anomaly, unit),
    };
  }

  private async rarity(anomaly: AnomalyRow, unit: ScoredUnit, tickMs: number): Promise<Rarity | null> {
    // Nothing was measured that could be rare.
    if (anomaly.silence !== null) return null;
    const end = Math.floor(anomaly.startedAt.getTime() / tickMs) * tickMs;
    const count = Math.min(MOST_POINTS, Math.floor(HISTORY_MS / tickMs));
    const first = end - count * tickMs;
    const { environmentId, seriesId } = anomaly;
    const samples = await this.telemetry.readSamples(environmentId, [seriesId], { from: first - tickMs, to: end });
    const { values } = resample(samples.get(seriesId), { first, stepMs: tickMs, count }, unit, NO_CARRY);
    const { value, yhat } = measuredOf(anomaly);
    return rarityOf(values, tickMs, value, yhat);
  }

  /** Signals of a service by their share in its residual at the peak, as the job that derives them recorded it. */
  private async shares(anomaly: AnomalyRow, tickMs: number): Promise<{ labels: Labels; share: number }[]> {
    if (anomaly.labels[METRIC_NAME_LABEL] !== RESIDUAL_METRIC) return [];
    const { environmentId, seriesId } = anomaly;
    const derived = await this.telemetry.derivedSeries(environmentId, [seriesId], SHARE_METRIC);
    const peak = anomaly.peakAt.getTime();
    const samples = await this.telemetry.readSamples(
      environmentId,
      derived.map(({ id }) => id),
      { from: peak - tickMs, to: peak },
    );
    const shares = derived.flatMap(({ id, labels: { signal, ...labels } }) => {
      const share = samples.get(id)?.values.at(-1);
      return share === undefined ? [] : [{ labels: { ...labels, [METRIC_NAME_LABEL]: signal ?? '' }, share }];
    });
    return shares.sort((a, b) => b.share - a.share);
  }
}

/** In numbers, as the engine takes them: what was not measured is none. */
function measuredOf({ value, yhat, yhatLower, yhatUpper }: AnomalyRow) {
  return { value: value ?? NaN, yhat: yhat ?? NaN, yhatLower: yhatLower ?? NaN, yhatUpper: yhatUpper ?? NaN };
}

function partOf(part: SentencePart): Detail['parts'][number] {
  return 'text' in part ? { text: part.text } : { instant: new Date(part.instant).toISOString() };
}

function moverOf({ seriesId, labels, unit, score }: CoMover): Detail['coMovers'][number] {
  return { seriesId: seriesId ?? null, labels: { ...labels }, score, text: textOf(labels, unit) };
}

function textOf(labels: Labels, unit: ScoredUnit): string {
  const { what, where } = wordsOf(labels, unit);
  return `${what}${where}`;
}

function linksOf(anomaly: AnomalyRow, unit: ScoredUnit): Detail['links'] {
  const { environmentId, seriesId, labels, startedAt, endedAt, peakAt } = anomaly;
  const from = new Date(startedAt.getTime() - MARGIN_MS).toISOString();
  const to = new Date((endedAt ?? peakAt).getTime() + MARGIN_MS).toISOString();
  return {
    chart: `#/environments/${environmentId}/series/${seriesId}?from=${from}&to=${to}`,
    scores: `/api/v1/environments/${environmentId}/scores?seriesId=${seriesId}&from=${from}&to=${to}`,
    query: seriesQuery(labels, unit),
  };
}
