import type { DynamicModule } from '@nestjs/common';
import { QueueModule } from '../../platform/queue/queue.module.js';
import type { ModuleContext } from '../../platform/registry/module-definition.js';
import { RemoteWriteController } from './api/remote-write.controller.js';
import { TelemetryController } from './api/telemetry.controller.js';
import { WriteTarget } from './api/write-target.js';
import { hostSourceProvider } from './host-source.provider.js';
import { IngestTelemetryWriter } from './ingest-telemetry.writer.js';
import { EndedSeries } from './ingest/ended-series.js';
import { IngestTokenBootstrap } from './ingest/ingest-token.bootstrap.js';
import { IngestService } from './ingest/ingest.service.js';
import { JournalWriter } from './ingest/journal-writer.js';
import { SeriesRegistry } from './ingest/series-registry.js';
import { EnvironmentSubscriber } from './jobs/environment.subscriber.js';
import { MaintainPartitionsProcessor } from './jobs/maintain-partitions.processor.js';
import { MergeHourProcessor } from './jobs/merge-hour.processor.js';
import { PackJournalProcessor } from './jobs/pack-journal.processor.js';
import { storageJobs, storageSchedules } from './jobs/telemetry.jobs.js';
import { BlockCache } from './queries/block-cache.js';
import { SampleReadRepository } from './queries/sample-read.repository.js';
import { SeriesReadRepository } from './queries/series-read.repository.js';
import { TelemetryQueryService } from './queries/telemetry-query.service.js';
import { SqlTelemetryReader } from './sql-telemetry.reader.js';
import { ChunkRepository } from './storage/chunk.repository.js';
import { JournalRepository } from './storage/journal.repository.js';
import { MergeService } from './storage/merge.service.js';
import { MetadataRepository } from './storage/metadata.repository.js';
import { PackService } from './storage/pack.service.js';
import { PartitionRepository } from './storage/partition.repository.js';
import { RetentionService } from './storage/retention.service.js';
import { SeriesRepository } from './storage/series.repository.js';
import { ingestMetrics, remoteWriteMetrics, storageMetrics } from './telemetry.metrics.js';
import { TelemetryReader } from './telemetry.reader.js';
import { TelemetryWriter } from './telemetry.writer.js';

const ingest = [
  SeriesRepository,
  MetadataRepository,
  JournalRepository,
  SeriesRegistry,
  JournalWriter,
  EndedSeries,
  IngestService,
  ...ingestMetrics,
];
const queries = [BlockCache, SeriesReadRepository, SampleReadRepository];
const serving = [WriteTarget, IngestTokenBootstrap, TelemetryQueryService, ...remoteWriteMetrics];
const working = [
  ChunkRepository,
  PartitionRepository,
  PackService,
  MergeService,
  RetentionService,
  PackJournalProcessor,
  MergeHourProcessor,
  MaintainPartitionsProcessor,
  EnvironmentSubscriber,
  hostSourceProvider,
  ...storageMetrics,
];

export class TelemetryModule {
  static register(context: ModuleContext): DynamicModule {
    return {
      module: TelemetryModule,
      global: true,
      imports: [QueueModule.forFeature({ jobs: storageJobs, schedules: storageSchedules })],
      controllers: context.serves ? [RemoteWriteController, TelemetryController] : [],
      providers: [
        ...ingest,
        ...queries,
        ...(context.serves ? serving : []),
        ...(context.works ? working : []),
        { provide: TelemetryReader, useClass: SqlTelemetryReader },
        { provide: TelemetryWriter, useClass: IngestTelemetryWriter },
      ],
      exports: [TelemetryReader, TelemetryWriter],
    };
  }
}
