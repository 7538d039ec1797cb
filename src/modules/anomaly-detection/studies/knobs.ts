import { FeedbackController } from '../feedback/feedback.controller.js';
import { FeedbackSaver } from '../feedback/feedback-saver.js';
import { FeedbackService } from '../feedback/feedback.service.js';
import { FeedbackStudy } from '../feedback/feedback-study.js';
import { SilenceFeedback } from '../feedback/silence-feedback.js';
import { FeedbackLabels } from '../scorecards/feedback-labels.js';
import { LabelSources } from '../scorecards/label-sources.js';
import { AlertRules } from '../scorecards/rules/alert-rules.js';
import { RulesStudy } from '../scorecards/rules/rules-study.js';
import { ScoreCardStudy } from '../scorecards/score-card-study.js';
import { ScoreCardsController } from '../scorecards/score-cards.controller.js';
import { ScoreCardsService } from '../scorecards/score-cards.service.js';
import { PreviewStudy } from '../settings/preview-study.js';
import { PreviewsController } from '../settings/previews.controller.js';
import { SeriesKnobsController } from '../settings/series-knobs.controller.js';
import { SettingsController } from '../settings/settings.controller.js';
import { SettingsService } from '../settings/settings.service.js';
import { ChangeStudy } from './change-study.js';
import { ExecuteStudyProcessor } from './execute-study.processor.js';
import { executeStudy, tendStudies, tendStudiesSchedule } from './studies.jobs.js';
import { StudiesService } from './studies.service.js';
import { StudyDetectors } from './study-detectors.js';
import { StudyHistory } from './study-history.js';
import { StudyRepository } from './study.repository.js';
import { TendStudiesProcessor } from './tend-studies.processor.js';

/** Settings, feedback, previews and score cards, for the module to take in. */
export const KNOBS = {
  jobs: [executeStudy, tendStudies],
  schedules: [tendStudiesSchedule],
  /** Previews before the settings: `settings/preview` is no version. */
  controllers: [
    PreviewsController,
    SettingsController,
    SeriesKnobsController,
    FeedbackController,
    ScoreCardsController,
  ],
  providers: [
    AlertRules,
    FeedbackSaver,
    LabelSources,
    { provide: 'anomaly-detection.label-sources', useExisting: LabelSources },
    SettingsService,
    StudyHistory,
    StudyRepository,
  ],
  /** For modules that know what was wrong; by name for those that go on where detection is off. */
  exports: [LabelSources, 'anomaly-detection.label-sources'],
  servingProviders: [FeedbackService, ScoreCardsService, StudiesService],
  workerProviders: [
    ChangeStudy,
    ExecuteStudyProcessor,
    FeedbackLabels,
    FeedbackStudy,
    SilenceFeedback,
    PreviewStudy,
    RulesStudy,
    ScoreCardStudy,
    StudyDetectors,
    TendStudiesProcessor,
  ],
} as const;
