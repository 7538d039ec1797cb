import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../../platform/http/access.js';
import { Returns } from '../../../platform/http/returns.decorator.js';
import { environmentParams } from '../api/anomaly-detection.schema.js';
import { EnvironmentsReader, EventTime } from '../../environments/index.js';
import { TelemetryReader } from '../../telemetry/index.js';
import { concerns } from '../../../engine/detection/settings/feedback-factors.js';
import { SeriesNotFoundError } from '../anomaly-detection.errors.js';
import { FeedbackRepository } from '../feedback/feedback.repository.js';
import { SeriesRules } from '../scoring/series-rules.js';
import { SeriesSettingsSource } from './series-settings-source.js';

const knobsParams = environmentParams.extend({
  seriesId: z.coerce.number().int().positive().max(0x7fffffff),
});

const bound = z.number().nullable().describe('Null: unbounded');

const seriesKnobs = z
  .object({
    seriesId: z.number().int(),
    labels: z.record(z.string(), z.string()),
    unit: z.enum(['raw', 'per_second']),
    settingsVersion: z.number().int(),
    excluded: z.string().nullable().describe('Why it is not scored; null where it is'),
    suppressed: z.string().nullable().describe('Why nothing opens at present; null where it may'),
    direction: z.enum(['both', 'above', 'below']),
    minimumDeviation: z.number(),
    minimumRelativeDeviation: z.number(),
    sensitivity: z.number().describe('Half-width of the band in robust standard deviations'),
    dataRange: z.object({ lower: bound, upper: bound }).nullable(),
    lowerBound: bound,
    channelFactors: z.record(z.string(), z.number()).describe('By feedback: scores of channels are divided by this'),
    rules: z.array(z.string()).describe('Names of the rules that decided something'),
    feedback: z.array(z.string()).describe('Ids of the feedback that concerns the series'),
  })
  .meta({ id: 'SeriesDetectionSettings' });

/** What settings and feedback come to for one series. */
@ApiTags('anomaly detection')
@Controller('environments/:environmentId/detection/series/:seriesId/settings')
export class SeriesKnobsController {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly eventTime: EventTime,
    private readonly telemetry: TelemetryReader,
    private readonly source: SeriesSettingsSource,
    private readonly rules: SeriesRules,
    private readonly feedback: FeedbackRepository,
  ) {}

  @Get()
  @Access('anomalies:read')
  @Returns(200, seriesKnobs)
  @ApiOperation({ summary: 'What holds for one series: defaults, rules and feedback together' })
  async get(
    @Param({ schema: knobsParams }) { environmentId, seriesId }: z.output<typeof knobsParams>,
  ): Promise<z.output<typeof seriesKnobs>> {
    await this.environments.get(environmentId);
    const [series] = await this.telemetry.seriesByIds(environmentId, [seriesId]);
    if (!series) throw new SeriesNotFoundError(seriesId);
    const resolver = await this.source.settingsFor(environmentId);
    const { unit, settings, excluded, suppression } = this.rules.profileOf(series, resolver);
    const [given, now] = await Promise.all([this.feedback.active(environmentId), this.eventTime.now(environmentId)]);
    return {
      seriesId,
      labels: { ...series.labels },
      unit,
      settingsVersion: Number(resolver.version.split('.')[0]),
      excluded,
      suppressed: now === null ? null : (suppression?.reasonAt(now) ?? null),
      direction: settings.direction ?? 'both',
      minimumDeviation: settings.minimumDeviation,
      minimumRelativeDeviation: settings.minimumRelativeDeviation,
      sensitivity: settings.sensitivity,
      dataRange: settings.dataRange
        ? { lower: finite(settings.dataRange.lower), upper: finite(settings.dataRange.upper) }
        : null,
      lowerBound: finite(settings.lowerBound ?? -Infinity),
      channelFactors: { ...settings.channelFactors },
      rules: [...resolver.rulesOf(series.labels)],
      feedback: given.filter((one) => concerns(one, seriesId, series.labels)).map(({ id }) => id),
    };
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
