import { Injectable } from '@nestjs/common';
import type { DeliveredEvent } from '../../../platform/events/define-event.js';
import { Subscribes } from '../../../platform/events/subscribes.decorator.js';
import {
  EnvironmentChanged,
  EnvironmentCreated,
  EnvironmentDeleted,
  EnvironmentsReader,
} from '../../environments/index.js';
import { RetentionService } from '../storage/retention.service.js';

/** Storage follows the environments. Each handler may run twice. */
@Injectable()
export class EnvironmentSubscriber {
  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly retention: RetentionService,
  ) {}

  @Subscribes(EnvironmentCreated, 'telemetry.prepare-storage')
  async created({ payload }: DeliveredEvent<typeof EnvironmentCreated>): Promise<void> {
    const environment = await this.environments.find(payload.environmentId);
    if (environment) await this.retention.maintain(environment);
  }

  /** Retention may have become shorter. */
  @Subscribes(EnvironmentChanged, 'telemetry.apply-retention')
  async changed({ payload }: DeliveredEvent<typeof EnvironmentChanged>): Promise<void> {
    const environment = await this.environments.find(payload.environmentId);
    if (environment) await this.retention.maintain(environment);
  }

  @Subscribes(EnvironmentDeleted, 'telemetry.drop-storage')
  async deleted({ payload }: DeliveredEvent<typeof EnvironmentDeleted>): Promise<void> {
    await this.retention.drop(payload.key);
  }
}
