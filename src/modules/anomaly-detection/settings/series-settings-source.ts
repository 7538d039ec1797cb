import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import {
  NO_SETTINGS,
  type DetectionSettings,
  type ResolvedSeries,
} from '../../../engine/detection/settings/detection-settings.types.js';
import { factorsOf, type Feedback } from '../../../engine/detection/settings/feedback-factors.js';
import {
  compileSettings,
  resolveSeries,
  type CompiledSettings,
  type SeriesDefaults,
} from '../../../engine/detection/settings/resolve-series.js';
import type { EpochMs } from '../../../kernel/clock.js';
import type { Labels } from '../../../kernel/time-series.js';
import { FeedbackRepository } from '../feedback/feedback.repository.js';
import { SettingsRepository } from './settings.repository.js';

const ENVIRONMENTS_KEPT = 1_000;

/** Settings of an environment at one version, with the feedback given until then. Immutable. */
export class SeriesSettingsResolver {
  constructor(
    /** Changes with the settings and with feedback: profiles made with another one are to be made anew. */
    readonly version: string,
    private readonly compiled: CompiledSettings,
    private readonly feedback: readonly Feedback[],
  ) {}

  /** The same with another document, or with feedback that is not saved yet: for previews. */
  proposed(change: { readonly document?: DetectionSettings; readonly feedback?: Feedback }): SeriesSettingsResolver {
    return new SeriesSettingsResolver(
      'proposed',
      change.document ? compileSettings(change.document) : this.compiled,
      change.feedback ? [...this.feedback, change.feedback] : this.feedback,
    );
  }

  /** False alarms a week and 1,000 series that the environment accepts. */
  get falseAlarmsPerWeek(): number {
    return this.compiled.document.falseAlarmsPerWeek;
  }

  /** Names of the rules that say something about a series, in their order. */
  rulesOf(labels: Labels): readonly string[] {
    const nothing = { settings: { minimumDeviation: 1, minimumRelativeDeviation: 0, sensitivity: 1 }, excluded: null };
    return resolveSeries(this.compiled, labels, nothing).rules;
  }

  resolve(series: { readonly id: number; readonly labels: Labels }, defaults: SeriesDefaults): ResolvedSeries {
    const resolved = resolveSeries(this.compiled, series.labels, defaults);
    const channelFactors = factorsOf(this.feedback, series.id, series.labels);
    return channelFactors ? { ...resolved, settings: { ...resolved.settings, channelFactors } } : resolved;
  }
}

/**
 * Settings for whoever scores. Each call asks the database for the revision (one row by its key), so that a change
 * by another process holds from the next tick on; what was compiled for a revision is kept.
 */
@Injectable()
export class SeriesSettingsSource {
  private readonly known = new LRUCache<string, SeriesSettingsResolver>({ max: ENVIRONMENTS_KEPT });

  constructor(
    private readonly settings: SettingsRepository,
    private readonly feedback: FeedbackRepository,
  ) {}

  async settingsFor(environmentId: string): Promise<SeriesSettingsResolver> {
    const head = await this.settings.head(environmentId);
    const version = `${head.version}.${head.feedbackRevision}`;
    const known = this.known.get(environmentId);
    if (known?.version === version) return known;
    const row = head.version === 0 ? undefined : await this.settings.find(environmentId, head.version);
    const feedback = head.feedbackRevision === 0 ? [] : await this.feedback.active(environmentId);
    const made = new SeriesSettingsResolver(version, compileSettings(row?.document ?? NO_SETTINGS), feedback);
    this.known.set(environmentId, made);
    return made;
  }
}

/** Why nothing may open for the series at this time; null where it may. */
export function suppressedAt(series: Pick<ResolvedSeries, 'suppression'>, time: EpochMs): string | null {
  return series.suppression?.reasonAt(time) ?? null;
}
