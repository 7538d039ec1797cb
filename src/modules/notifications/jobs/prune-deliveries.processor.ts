import { Clock } from '../../../kernel/clock.js';
import { type ConfigOf, InjectConfig } from '../../../platform/config/define-config.js';
import type { JobProcessor } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { IncidentsReader } from '../../incidents/index.js';
import { AlertLabelsRepository } from '../channels/alert-labels.repository.js';
import { DeliveryRepository } from '../deliveries/delivery.repository.js';
import { notificationsConfig } from '../notifications.config.js';
import { pruneDeliveries } from './upkeep.jobs.js';

const DAY_MS = 86_400_000;

@Processes(pruneDeliveries)
export class PruneDeliveriesProcessor implements JobProcessor<typeof pruneDeliveries> {
  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly labels: AlertLabelsRepository,
    private readonly incidents: IncidentsReader,
    private readonly clock: Clock,
    @InjectConfig(notificationsConfig) private readonly config: ConfigOf<typeof notificationsConfig>,
  ) {}

  async process(): Promise<void> {
    const now = this.clock.now();
    await this.deliveries.deleteFinishedBefore(new Date(now - this.config.keepDays * DAY_MS));
    const present = await this.incidents.active(new Date(now - DAY_MS));
    await this.labels.keepOnly(present.map((incident) => incident.incidentId));
  }
}
