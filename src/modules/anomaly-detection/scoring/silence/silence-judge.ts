import { Injectable } from '@nestjs/common';
import { ENVIRONMENT_LABELS } from '../../../../engine/detection/silence/like-of.js';
import {
  excuseSilence,
  noteLateSample,
  openSilence,
  restartSilence,
  scoreOf,
} from '../../../../engine/detection/silence/advance-silence.js';
import { ENVIRONMENT_LIKE, factsOfSilence, forgetLike } from '../../../../engine/detection/silence/silence-book.js';
import { silenceVerdict } from '../../../../engine/detection/silence/silence-verdict.js';
import type { EpochMs } from '../../../../kernel/clock.js';
import { METRIC_NAME_LABEL, type Labels } from '../../../../kernel/time-series.js';
import { TelemetryReader, type Series } from '../../../telemetry/index.js';
import type { SeriesSettingsResolver } from '../../settings/series-settings-source.js';
import { SeriesRules } from '../series-rules.js';
import { LateSamples } from './late-samples.js';
import type { SilenceMemory } from './silence-memory.js';
import type { SilenceClosing, SilenceOpening } from './silence.types.js';

type Judged = Pick<Series, 'id' | 'labels' | 'metricType' | 'derivedFrom'>;

const ENVIRONMENT: Judged = { id: 0, labels: ENVIRONMENT_LABELS, metricType: 'gauge', derivedFrom: null };

/** Whether a like that is silent for long enough is an anomaly: by settings, feedback, and what came late. */
@Injectable()
export class SilenceJudge {
  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly rules: SeriesRules,
    private readonly late: LateSamples,
  ) {}

  async openings(
    environmentId: string,
    memory: SilenceMemory,
    due: readonly number[],
    time: EpochMs,
    resolver: SeriesSettingsResolver,
  ): Promise<SilenceOpening[]> {
    const { book, tickMs } = memory;
    const series = await this.newestOf(environmentId, memory, due);
    const silent = due.filter((like) => {
      const one = series.get(like);
      if (one === undefined) forgetLike(book, like);
      else if (silenceVerdict(this.rules.profileOf(one, resolver), time) === null) return true;
      else excuseSilence(book, like);
      return false;
    });
    const late = await this.late.of(environmentId, memory, silent, time);
    const signalsWait = silent.some((like) => isSignal(series.get(like)!.labels))
      ? await this.late.signalsAreBehind(environmentId, time)
      : false;
    return silent.flatMap((like) => {
      const { id, labels } = series.get(like)!;
      const sample = late.get(like);
      if (sample !== undefined) noteLateSample(book, like, sample, { time, stepMs: tickMs });
      if (sample !== undefined || (signalsWait && isSignal(labels))) return [];
      const score = scoreOf(book, like);
      const seriesId = like === ENVIRONMENT_LIKE ? book.newest[like]! : id;
      const startedAt = openSilence(book, like);
      return [{ like, seriesId, labels, startedAt, at: time, score, silence: factsOfSilence(book, like, tickMs) }];
    });
  }

  /** What is open and would not open any more, now that settings or feedback are others. */
  async closings(
    environmentId: string,
    memory: SilenceMemory,
    time: EpochMs,
    resolver: SeriesSettingsResolver,
  ): Promise<SilenceClosing[]> {
    const { book } = memory;
    const series = await this.newestOf(environmentId, memory, [...memory.open.keys()]);
    return [...memory.open].flatMap(([like, anomalyId]) => {
      const one = series.get(like);
      const verdict = one ? silenceVerdict(this.rules.profileOf(one, resolver), time) : 'excluded';
      if (verdict !== 'excluded' && verdict !== 'muted') return [];
      const startedAt = book.silentSince[like]!;
      const score = scoreOf(book, like, (time - startedAt) / memory.tickMs);
      restartSilence(book, like, time);
      const reason = verdict === 'excluded' ? ('excluded' as const) : ('calm' as const);
      return [{ like, anomalyId, endedAt: Math.max(time, startedAt + 1), at: time, score, reason, adopted: false }];
    });
  }

  private async newestOf(
    environmentId: string,
    { book }: SilenceMemory,
    likes: readonly number[],
  ): Promise<Map<number, Judged>> {
    const ids = likes.filter((like) => like !== ENVIRONMENT_LIKE).map((like) => book.newest[like]!);
    const found = ids.length === 0 ? [] : await this.telemetry.seriesByIds(environmentId, ids);
    const byId = new Map(found.map((one) => [one.id, one]));
    return new Map(
      likes.flatMap((like) => {
        const one = like === ENVIRONMENT_LIKE ? ENVIRONMENT : byId.get(book.newest[like]!);
        return one ? [[like, one] as const] : [];
      }),
    );
  }
}

function isSignal(labels: Labels): boolean {
  return labels[METRIC_NAME_LABEL]?.startsWith('service:') === true;
}
