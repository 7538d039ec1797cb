import { Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { Clock } from '../../../kernel/clock.js';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { IncidentsReader } from '../../incidents/index.js';
import { RESOLVED_RESEND_MS } from '../channels/alertmanager.notifier.js';
import { ConfiguredChannels } from '../channels/configured-channels.js';
import { RESENDS_TOTAL } from '../notifications.metrics.js';
import { resendAlerts } from './upkeep.jobs.js';

/** Sends every firing incident again, and those resolved in the last five minutes. No retries: the next round is. */
@Processes(resendAlerts)
export class ResendAlertsProcessor implements JobProcessor<typeof resendAlerts> {
  private readonly logger = new Logger('Notifications');
  private readonly failing = new Set<string>();

  constructor(
    private readonly channels: ConfiguredChannels,
    private readonly incidents: IncidentsReader,
    private readonly clock: Clock,
    @InjectMetric(RESENDS_TOTAL) private readonly resends: Counter<'outcome' | 'reason'>,
  ) {}

  async process(_: PayloadOf<typeof resendAlerts>, context: Pick<JobContext, 'signal'>): Promise<void> {
    const targets = this.channels.alertmanagers();
    if (targets.length === 0) return;
    const incidents = await this.incidents.active(new Date(this.clock.now() - RESOLVED_RESEND_MS));
    if (incidents.length === 0) return;
    await Promise.all(
      targets.map(async ({ destination, notifier }) => {
        const outcome = await notifier.send(incidents, context.signal);
        const reason = outcome.outcome === 'delivered' ? '' : outcome.reason;
        this.resends.inc({ outcome: outcome.outcome, reason });
        this.report(destination, reason);
      }),
    );
  }

  /** Once when it starts to fail, once when it works again. */
  private report(destination: string, reason: string): void {
    if (reason === '') {
      if (this.failing.delete(destination)) this.logger.log({ msg: 'Alertmanager takes alerts again', destination });
    } else if (!this.failing.has(destination)) {
      this.failing.add(destination);
      this.logger.warn({ msg: 'Alertmanager does not take alerts; next try in a minute', destination, reason });
    }
  }
}
