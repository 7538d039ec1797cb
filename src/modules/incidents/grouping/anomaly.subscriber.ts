import { Injectable } from '@nestjs/common';
import type { DeliveredEvent } from '../../../platform/events/define-event.js';
import { Subscribes } from '../../../platform/events/subscribes.decorator.js';
import { AnomalyDetected, AnomalyEnded } from '../../anomaly-detection/index.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { type AnomalyNews, PendingNewsRepository } from '../data/pending-news.repository.js';
import { groupAnomalies } from '../jobs/group-anomalies.job.js';

/**
 * Puts what it hears aside and has it grouped, many at once in a storm. Events arrive at least once and in any order;
 * the anomaly's id makes handling them idempotent.
 */
@Injectable()
export class AnomalySubscriber {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly pending: PendingNewsRepository,
    private readonly jobs: JobQueue,
  ) {}

  @Subscribes(AnomalyDetected, 'incidents.add-anomaly')
  async onDetected(event: DeliveredEvent<typeof AnomalyDetected>): Promise<void> {
    await this.take({ ...measured(event.payload), endedAt: null, endReason: null });
  }

  @Subscribes(AnomalyEnded, 'incidents.end-anomaly')
  async onEnded(event: DeliveredEvent<typeof AnomalyEnded>): Promise<void> {
    const { endedAt, reason } = event.payload;
    await this.take({ ...measured(event.payload), endedAt: new Date(endedAt), endReason: reason });
  }

  private async take(news: AnomalyNews): Promise<void> {
    // Deleted between the event and its delivery; its incidents went with it.
    if ((await this.environments.find(news.environmentId)) === undefined) return;
    await this.pending.add(news);
    await this.jobs.enqueue(groupAnomalies, { environmentId: news.environmentId });
  }
}

function measured(
  payload: DeliveredEvent<typeof AnomalyDetected>['payload'],
): Omit<AnomalyNews, 'endedAt' | 'endReason'> {
  return { ...payload, startedAt: new Date(payload.startedAt), peakAt: new Date(payload.peakAt) };
}
