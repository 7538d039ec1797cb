import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { DetectionSettings } from '../../../engine/detection/settings/detection-settings.types.js';
import { SeriesRules } from '../scoring/series-rules.js';
import { ChangeStudy, differs } from '../studies/change-study.js';
import { StudyDetectors } from '../studies/study-detectors.js';
import { StudyHistory } from '../studies/study-history.js';
import type { StudyProgress, StudyRow } from '../studies/study.types.js';
import type { ChangeEffect } from '../feedback/feedback.types.js';
import { SeriesSettingsSource } from './series-settings-source.js';
import { detectionSettings, selectorText } from './settings.schema.js';

/** As the preview is kept: all defaults filled in. */
export const previewTask = z.object({
  settings: detectionSettings,
  match: selectorText,
  /** Epoch milliseconds. */
  from: z.number(),
  to: z.number(),
});

export interface PreviewResult extends ChangeEffect {
  /** Series that the selector matches. */
  readonly matched: number;
  /** Of these, those whose settings would differ. `series` of them were looked at. */
  readonly affected: number;
}

/** What proposed settings would have done over stored history. Series whose settings stay the same are left out. */
@Injectable()
export class PreviewStudy {
  constructor(
    private readonly history: StudyHistory,
    private readonly changes: ChangeStudy,
    private readonly detectors: StudyDetectors,
    private readonly source: SeriesSettingsSource,
    private readonly rules: SeriesRules,
  ) {}

  async run({ environmentId, request }: StudyRow, progress: StudyProgress): Promise<PreviewResult> {
    const task = previewTask.parse(request);
    const range = await this.history.rangeOf(environmentId, new Date(task.from), new Date(task.to), 0);
    const current = await this.source.settingsFor(environmentId);
    const proposed = current.proposed({ document: task.settings as DetectionSettings });
    const alarmsChange = current.falseAlarmsPerWeek !== proposed.falseAlarmsPerWeek;
    const all = await this.history.seriesOf(environmentId, task.match);
    const affected = all
      .map((series) => ({
        series,
        before: this.rules.profileOf(series, current),
        after: this.rules.profileOf(series, proposed),
      }))
      .filter(
        ({ before, after }) =>
          (before.excluded === null || after.excluded === null) && (alarmsChange || differs(before, after)),
      );
    const detectors = {
      before: await this.detectors.of(environmentId, current.falseAlarmsPerWeek),
      after: await this.detectors.of(environmentId, proposed.falseAlarmsPerWeek),
    };
    const looked = this.history.sample(affected, range);
    const { effect } = await this.changes.run(range, looked, detectors, progress);
    return { ...effect, matched: all.length, affected: affected.length };
  }
}
