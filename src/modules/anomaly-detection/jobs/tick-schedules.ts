import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DeliveredEvent } from '../../../platform/events/define-event.js';
import { Subscribes } from '../../../platform/events/subscribes.decorator.js';
import { JobQueue } from '../../../platform/queue/job-queue.js';
import {
  EnvironmentChanged,
  EnvironmentCreated,
  EnvironmentDeleted,
  EnvironmentsReader,
} from '../../environments/index.js';
import { planTick, tickSchedule, tickScheduleId } from './plan-tick.job.js';

/** Keeps one tick schedule per environment. A tick of an environment that is gone removes its own schedule. */
@Injectable()
export class TickSchedules implements OnApplicationBootstrap {
  private readonly logger = new Logger(TickSchedules.name);

  constructor(
    private readonly queue: JobQueue,
    private readonly environments: EnvironmentsReader,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    try {
      await this.reconcile();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn({ msg: 'ticks could not be scheduled yet; reconcile-ticks tries again', reason });
    }
  }

  async reconcile(): Promise<void> {
    for (const { id, tickSeconds } of await this.environments.all()) {
      await this.queue.upsertSchedule(tickSchedule(id, tickSeconds));
    }
  }

  @Subscribes(EnvironmentCreated, 'anomaly-detection.schedule-tick')
  async onCreated({ payload }: DeliveredEvent<typeof EnvironmentCreated>): Promise<void> {
    await this.schedule(payload.environmentId);
  }

  @Subscribes(EnvironmentChanged, 'anomaly-detection.reschedule-tick')
  async onChanged({ payload }: DeliveredEvent<typeof EnvironmentChanged>): Promise<void> {
    await this.schedule(payload.environmentId);
  }

  @Subscribes(EnvironmentDeleted, 'anomaly-detection.remove-tick')
  async onDeleted({ payload }: DeliveredEvent<typeof EnvironmentDeleted>): Promise<void> {
    await this.queue.removeSchedule(planTick, tickScheduleId(payload.environmentId));
  }

  /** Asks for the environment as it is now: events may come late or twice. `find` remembers what was before the change. */
  private async schedule(environmentId: string): Promise<void> {
    const environment = (await this.environments.all()).find(({ id }) => id === environmentId);
    if (environment) await this.queue.upsertSchedule(tickSchedule(environment.id, environment.tickSeconds));
  }
}
