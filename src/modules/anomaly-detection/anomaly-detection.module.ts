import { Module, type DynamicModule } from '@nestjs/common';
import { QueueModule } from '../../platform/queue/queue.module.js';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { AnomalyDetectionController } from './api/anomaly-detection.controller.js';
import { DetectionService } from './api/detection.service.js';
import { SeriesDetectionController } from './api/series-detection.controller.js';
import { SeriesDetectionService } from './api/series-detection.service.js';
import { ScoresService } from './api/scores.service.js';
import { detectionMetrics } from './anomaly-detection.metrics.js';
import { AnomalyRepository } from './data/anomaly.repository.js';
import { DetectionReadModel } from './data/detection.read-model.js';
import { FeedbackRepository } from './feedback/feedback.repository.js';
import { SilenceRepository } from './data/silence.repository.js';
import { SnapshotRepository } from './data/snapshot.repository.js';
import { SeriesStateRepository } from './data/series-state.repository.js';
import { ShardRepository } from './data/shard.repository.js';
import { catchUpShard } from './jobs/catch-up-shard.job.js';
import { CatchUpShardProcessor } from './jobs/catch-up-shard.processor.js';
import { learnHistory } from './jobs/learn-history.job.js';
import { LearnHistoryProcessor } from './jobs/learn-history.processor.js';
import { AnomalyGroups } from './groups/anomaly-groups.js';
import { GroupStateRepository } from './groups/group-state.repository.js';
import { planTick } from './jobs/plan-tick.job.js';
import { PlanTickProcessor } from './jobs/plan-tick.processor.js';
import { pruneDetection, pruneDetectionHourly } from './jobs/prune-detection.job.js';
import { PruneDetectionProcessor } from './jobs/prune-detection.processor.js';
import { reconcileTicks, reconcileTicksSchedule } from './jobs/reconcile-ticks.job.js';
import { ReconcileTicksProcessor } from './jobs/reconcile-ticks.processor.js';
import { scoreShard } from './jobs/score-shard.job.js';
import { ScoreShardProcessor } from './jobs/score-shard.processor.js';
import { TickSchedules } from './jobs/tick-schedules.js';
import { ModelChoice } from './models/model-choice.js';
import { MODEL_CONTROLLERS, MODEL_JOBS, MODEL_SCHEDULES, modelProviders } from './models/models.providers.js';
import { EnvironmentProgress } from './scoring/environment-progress.js';
import { Detectors } from './scoring/detectors.js';
import { HistoryLearner } from './scoring/history-learner.js';
import { KnownAnomalies } from './scoring/known-anomalies.js';
import { ScoreRecorder } from './scoring/score-recorder.js';
import { ScoringSetups } from './scoring/scoring-setup.js';
import { SeriesRules } from './scoring/series-rules.js';
import { ShardCommit } from './scoring/shard-commit.js';
import { ShardLoader } from './scoring/shard-loader.js';
import { ShardPlan } from './scoring/shard-plan.js';
import { ShardReplay } from './scoring/shard-replay.js';
import { ShardScorer } from './scoring/shard-scorer.js';
import { ShardSnapshots } from './scoring/shard-snapshots.js';
import { SnapshotReader } from './scoring/snapshot-reader.js';
import { LateSamples } from './scoring/silence/late-samples.js';
import { SilenceCommit } from './scoring/silence/silence-commit.js';
import { SilenceJudge } from './scoring/silence/silence-judge.js';
import { SilenceLoader } from './scoring/silence/silence-loader.js';
import { SilenceWatch } from './scoring/silence/silence-watch.js';
import { TickAdvance } from './scoring/tick-advance.js';
import { TickScorer } from './scoring/tick-scorer.js';
import { SERVICE_CONTROLLERS, SERVICE_JOBS, SERVICE_READERS, SERVICE_WORKERS } from './services.providers.js';
import { SeriesSettingsSource } from './settings/series-settings-source.js';
import { SettingsRepository } from './settings/settings.repository.js';
import { KNOBS } from './studies/knobs.js';

const WORKER_PROVIDERS = [
  AnomalyGroups,
  AnomalyRepository,
  CatchUpShardProcessor,
  EnvironmentProgress,
  GroupStateRepository,
  HistoryLearner,
  KnownAnomalies,
  LateSamples,
  LearnHistoryProcessor,
  PlanTickProcessor,
  PruneDetectionProcessor,
  ReconcileTicksProcessor,
  ScoreRecorder,
  ScoreShardProcessor,
  SeriesStateRepository,
  ShardCommit,
  ShardLoader,
  ShardPlan,
  ShardReplay,
  ShardRepository,
  ShardScorer,
  ShardSnapshots,
  ScoringSetups,
  SilenceCommit,
  SilenceJudge,
  SilenceLoader,
  SilenceRepository,
  SilenceWatch,
  TickAdvance,
  TickSchedules,
  TickScorer,
  ...detectionMetrics,
];

@Module({})
export class AnomalyDetectionModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: AnomalyDetectionModule,
      global: true,
      imports: [
        QueueModule.forFeature({
          jobs: [
            catchUpShard,
            learnHistory,
            planTick,
            pruneDetection,
            reconcileTicks,
            scoreShard,
            ...KNOBS.jobs,
            ...MODEL_JOBS,
            ...SERVICE_JOBS,
          ],
          schedules: [pruneDetectionHourly, reconcileTicksSchedule, ...KNOBS.schedules, ...MODEL_SCHEDULES],
        }),
      ],
      controllers: context.serves
        ? [
            AnomalyDetectionController,
            SeriesDetectionController,
            ...KNOBS.controllers,
            ...MODEL_CONTROLLERS,
            ...SERVICE_CONTROLLERS,
          ]
        : [],
      providers: [
        Detectors,
        SeriesRules,
        DetectionReadModel,
        SnapshotReader,
        SnapshotRepository,
        FeedbackRepository,
        SeriesSettingsSource,
        SettingsRepository,
        ...KNOBS.providers,
        ...modelProviders(context),
        ...(context.serves
          ? [DetectionService, ScoresService, SeriesDetectionService, ...KNOBS.servingProviders, ...SERVICE_READERS]
          : []),
        ...(context.works ? [...WORKER_PROVIDERS, ...KNOBS.workerProviders, ...SERVICE_WORKERS] : []),
      ],
      exports: [ModelChoice, ...KNOBS.exports],
    };
  }
}
