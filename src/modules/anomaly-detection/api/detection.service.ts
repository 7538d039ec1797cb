import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../../../kernel/clock.js';
import { cursorPart, encodeCursor, readCursor } from '../../../platform/http/paging.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { TelemetryReader } from '../../telemetry/index.js';
import type { AnomalyRow } from '../data/rows.js';
import { DetectionReadModel } from '../data/detection.read-model.js';
import { Detectors } from '../scoring/detectors.js';
import type {
  anomaliesQuery,
  anomalyPage,
  detectionStatus,
  seriesStatePage,
  seriesStatesQuery,
} from './anomaly-detection.schema.js';
import { ScoresService } from './scores.service.js';

/** Ticks whose scores count as the newest. */
const RECENT_TICKS = 20;

const seriesCursor = z.tuple([cursorPart.integer]);
const anomalyCursor = z.tuple([cursorPart.time, cursorPart.id]);

@Injectable()
export class DetectionService {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly telemetry: TelemetryReader,
    private readonly readModel: DetectionReadModel,
    private readonly scores: ScoresService,
    private readonly detectors: Detectors,
    private readonly clock: Clock,
  ) {}

  async status(environmentId: string): Promise<z.output<typeof detectionStatus>> {
    const { tickSeconds } = await this.environments.get(environmentId);
    const [counts, scoredUntil, openAnomalies, learning] = await Promise.all([
      this.readModel.countsByState(environmentId),
      this.readModel.scoredUntil(environmentId),
      this.readModel.openAnomalies(environmentId),
      this.readModel.learning(environmentId),
    ]);
    return {
      states: { learning: 0, ok: 0, stale: 0, excluded: 0, ...counts },
      tickSeconds,
      scoredUntil: scoredUntil?.toISOString() ?? null,
      model: this.detectors.identity,
      lagSeconds: scoredUntil === null ? null : Math.max(0, this.clock.now() - scoredUntil.getTime()) / 1000,
      learning,
      openAnomalies,
    };
  }

  async seriesStates(
    environmentId: string,
    query: z.output<typeof seriesStatesQuery>,
  ): Promise<z.output<typeof seriesStatePage>> {
    const { tickSeconds } = await this.environments.get(environmentId);
    const afterSeriesId = query.cursor === undefined ? 0 : readCursor(query.cursor, seriesCursor)[0];
    const rows = await this.readModel.seriesStates(environmentId, {
      state: query.state,
      limit: query.limit + 1,
      afterSeriesId,
    });
    const page = rows.slice(0, query.limit);
    const ids = page.map((row) => row.seriesId);
    const [series, newest] = await Promise.all([
      this.telemetry.seriesByIds(environmentId, ids),
      this.scores.newest(environmentId, ids, this.clock.now() - RECENT_TICKS * tickSeconds * 1000),
    ]);
    const labels = new Map(series.map((one) => [one.id, one.labels]));
    return {
      items: page.map((row) => ({
        seriesId: row.seriesId,
        labels: { ...labels.get(row.seriesId) },
        state: row.state,
        reason: row.reason,
        score: row.state === 'ok' ? (newest.get(row.seriesId) ?? null) : null,
        since: row.since.toISOString(),
      })),
      nextCursor: rows.length > query.limit ? encodeCursor([page.at(-1)!.seriesId]) : null,
    };
  }

  async anomalies(
    environmentId: string,
    query: z.output<typeof anomaliesQuery>,
  ): Promise<z.output<typeof anomalyPage>> {
    await this.environments.get(environmentId);
    const after = query.cursor === undefined ? undefined : anomalyKeyOf(query.cursor);
    const rows = await this.readModel.anomalies(environmentId, { ...query, limit: query.limit + 1, after });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return { items: page.map(toItem), nextCursor: more ? encodeCursor([last.startedAt.toISOString(), last.id]) : null };
  }
}

export function toItem({ environmentId: _, labels, ...anomaly }: AnomalyRow) {
  return {
    ...anomaly,
    labels: { ...labels },
    startedAt: anomaly.startedAt.toISOString(),
    endedAt: anomaly.endedAt?.toISOString() ?? null,
    peakAt: anomaly.peakAt.toISOString(),
  };
}

function anomalyKeyOf(cursor: string): readonly [Date, string] {
  const [startedAt, id] = readCursor(cursor, anomalyCursor);
  return [new Date(startedAt), id];
}
