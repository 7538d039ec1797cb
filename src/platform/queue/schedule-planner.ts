import { Injectable } from '@nestjs/common';
import type { JobSchedulerJson } from 'bullmq';
import { InjectConfig } from '../config/define-config.js';
import type { AnyJob, Schedule } from './define-job.js';
import { seal, type JobEnvelope } from './envelope.js';
import { baseOptions } from './job-options.js';
import { queueConfig, type QueueConfig } from './queue.config.js';
import { InvalidSchedule } from './queue.errors.js';
import { Queues } from './queues.js';

/** `declared` ones come from the code and go with it; `runtime` ones stay until they are removed. */
export type ScheduleOrigin = 'declared' | 'runtime';

/** Keeps BullMQ's job schedulers as they should be. Any number of processes may do so at once. */
@Injectable()
export class SchedulePlanner {
  constructor(
    private readonly queues: Queues,
    @InjectConfig(queueConfig) private readonly config: QueueConfig,
  ) {}

  /** Leaves a schedule that is already as wanted alone: touching it would restart its period. */
  async upsert(schedule: Schedule, origin: ScheduleOrigin): Promise<void> {
    const { id, job, every, cron } = schedule;
    if ((every === undefined) === (cron === undefined)) throw new InvalidSchedule(id, 'needs either every or cron');
    if (every !== undefined && !(every >= 100)) throw new InvalidSchedule(id, 'needs a period of at least 100 ms');
    const queue = this.queues.get(job.queue);
    const schedulerId = schedulerIdOf(id, origin);
    const { envelope } = seal(job, schedule.payload, undefined);
    const current = await queue.getJobScheduler(schedulerId);
    if (current && isAsWanted(current, schedule, envelope)) return;
    const repeat = every === undefined ? { pattern: cron!, tz: 'UTC' } : { every };
    await queue.upsertJobScheduler(schedulerId, repeat, {
      name: job.name,
      data: envelope,
      opts: baseOptions(job, this.config) as never,
    });
  }

  async remove(job: AnyJob, id: string, origin: ScheduleOrigin): Promise<void> {
    await this.queues.get(job.queue).removeJobScheduler(schedulerIdOf(id, origin));
  }

  /** Creates what is declared and removes what no longer is. */
  async reconcile(declared: readonly Schedule[]): Promise<void> {
    for (const schedule of declared) await this.upsert(schedule, 'declared');
    for (const queue of this.queues.all()) {
      const wanted = new Set(
        declared.filter(({ job }) => job.queue === queue.name).map(({ id }) => schedulerIdOf(id, 'declared')),
      );
      for (const { key } of await queue.getJobSchedulers(0, -1, true)) {
        if (key.startsWith(schedulerIdOf('', 'declared')) && !wanted.has(key)) await queue.removeJobScheduler(key);
      }
    }
  }
}

function schedulerIdOf(id: string, origin: ScheduleOrigin): string {
  return `${origin}.${id}`.replaceAll(':', '_');
}

function isAsWanted(current: JobSchedulerJson, { job, every, cron }: Schedule, envelope: JobEnvelope): boolean {
  return (
    current.name === job.name &&
    (current.every ?? undefined) === every &&
    (current.pattern ?? undefined) === cron &&
    canonical(current.template?.data) === canonical(envelope)
  );
}

/** JSON with sorted keys: PostgreSQL's jsonb does not keep their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
