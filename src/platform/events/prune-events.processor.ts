import { Logger } from '@nestjs/common';
import { InjectConfig } from '../config/define-config.js';
import type { JobContext, JobProcessor } from '../queue/define-job.js';
import { Processes } from '../queue/processes.decorator.js';
import { EventStore } from './event-store.js';
import { eventsConfig, type EventsConfig } from './events.config.js';
import { pruneEvents } from './prune-events.job.js';

@Processes(pruneEvents)
export class PruneEventsProcessor implements JobProcessor<typeof pruneEvents> {
  private readonly logger = new Logger('Events');

  constructor(
    private readonly store: EventStore,
    @InjectConfig(eventsConfig) private readonly config: EventsConfig,
  ) {}

  async process(_: object, { signal }: JobContext): Promise<void> {
    const removed = await this.store.prune(this.config.retentionHours, signal);
    if (removed > 0) this.logger.log({ msg: 'old events removed', removed });
  }
}
