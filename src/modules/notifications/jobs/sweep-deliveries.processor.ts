import { Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { JobProcessor } from '../../../platform/queue/define-job.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { DeliveryRepository } from '../deliveries/delivery.repository.js';
import { deliverNotification } from './deliver-notification.job.js';
import { sweepDeliveries } from './upkeep.jobs.js';

/** Jobs that are merely a little late are left alone. */
const GRACE_MS = 5_000;
const AT_ONCE = 1_000;

@Processes(sweepDeliveries)
export class SweepDeliveriesProcessor implements JobProcessor<typeof sweepDeliveries> {
  private readonly logger = new Logger('Notifications');

  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly jobs: JobQueue,
    private readonly clock: Clock,
  ) {}

  async process(): Promise<void> {
    const due = await this.deliveries.due(new Date(this.clock.now() - GRACE_MS), AT_ONCE);
    if (due.length === 0) return;
    this.logger.debug({ msg: 'overdue notifications', count: due.length });
    await this.jobs.enqueueMany(
      deliverNotification,
      due.map(({ id, attempts }) => ({ deliveryId: id, attempt: attempts + 1 })),
    );
  }
}
