import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../kernel/clock.js';
import { ShadowRepository } from '../data/shadow.repository.js';
import { SeriesSettingsSource } from '../../settings/series-settings-source.js';
import { ModelLabels } from './model-labels.js';
import { shadowCard, type ShadowCard } from './shadow-card.js';

/** More anomalies than this are counted, but not laid over labelled stretches. */
const MOST_ANOMALIES = 20_000;

/** Score cards of shadows, computed from what was written so far. */
@Injectable()
export class ShadowCards {
  constructor(
    private readonly shadows: ShadowRepository,
    private readonly labels: ModelLabels,
    private readonly settings: SeriesSettingsSource,
    private readonly clock: Clock,
  ) {}

  /** @param since of event time; null: since it first ran in shadow there */
  async of(modelId: string, environmentId: string, since: Date | null): Promise<ShadowCard> {
    const [totals, anomalies, { falseAlarmsPerWeek }] = await Promise.all([
      this.shadows.totals(modelId, environmentId, since),
      this.shadows.anomalies(modelId, environmentId, since, MOST_ANOMALIES),
      this.settings.settingsFor(environmentId),
    ]);
    const range = { from: (totals.from ?? since)?.getTime() ?? 0, to: totals.until?.getTime() ?? this.clock.now() };
    const ids = anomalies.map(({ seriesId }) => seriesId);
    const labelled = await this.labels.of(environmentId, range, ids);
    return shadowCard({ modelId, environmentId, totals, anomalies, ...labelled, chosenPerWeek: falseAlarmsPerWeek });
  }
}
