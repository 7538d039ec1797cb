import type { Provider, Type } from '@nestjs/common';
import { AnomalyMetricsController } from './exposition/anomaly-metrics.controller.js';
import { AnomalyMetricsService } from './exposition/anomaly-metrics.service.js';
import { CoMoverFinder } from './explain/co-mover-finder.js';
import { ExplanationController } from './explain/explanation.controller.js';
import { ExplanationReadModel } from './explain/explanation.read-model.js';
import { ExplanationService } from './explain/explanation.service.js';
import { GroupsController } from './groups/groups.controller.js';
import { GroupsReadModel } from './groups/groups.read-model.js';
import { GroupsService } from './groups/groups.service.js';
import { ShardDispatch } from './jobs/shard-dispatch.js';
import { deriveSignals } from './signals/derive-signals.job.js';
import { DeriveSignalsProcessor } from './signals/derive-signals.processor.js';
import { SignalDeriver } from './signals/signal-deriver.js';
import { SignalRecorder } from './signals/signal-recorder.js';
import { SignalsRepository } from './signals/signals.repository.js';

/** Groups of anomalies and what they say of themselves, for whoever asks. */
export const SERVICE_CONTROLLERS: Type[] = [AnomalyMetricsController, ExplanationController, GroupsController];

export const SERVICE_READERS: Provider[] = [
  AnomalyMetricsService,
  CoMoverFinder,
  ExplanationReadModel,
  ExplanationService,
  GroupsReadModel,
  GroupsService,
];

/** Signals of services, which workers derive before they score. */
export const SERVICE_JOBS = [deriveSignals];

export const SERVICE_WORKERS: Provider[] = [
  DeriveSignalsProcessor,
  ShardDispatch,
  SignalDeriver,
  SignalRecorder,
  SignalsRepository,
];
