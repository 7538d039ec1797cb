import { Logger } from '@nestjs/common';
import type { JobContext, JobProcessor, PayloadOf } from '../../../platform/queue/define-job.js';
import { Processes } from '../../../platform/queue/processes.decorator.js';
import { EnvironmentsReader } from '../../environments/index.js';
import { ShardDispatch } from '../jobs/shard-dispatch.js';
import { deriveSignals } from './derive-signals.job.js';
import { SignalDeriver } from './signal-deriver.js';

@Processes(deriveSignals)
export class DeriveSignalsProcessor implements JobProcessor<typeof deriveSignals> {
  private readonly logger = new Logger(DeriveSignalsProcessor.name);

  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly deriver: SignalDeriver,
    private readonly dispatch: ShardDispatch,
  ) {}

  async process(payload: PayloadOf<typeof deriveSignals>, context: Pick<JobContext, 'signal'>): Promise<void> {
    const environment = await this.environments.find(payload.environmentId);
    if (!environment) return;
    const tickMs = environment.tickSeconds * 1000;
    // The tick may have been changed since the job was planned.
    const tick = Math.floor(payload.tick / tickMs) * tickMs;
    try {
      await this.deriver.deriveUntil({ environmentId: environment.id, tick, tickMs }, context.signal);
    } catch (error) {
      // Series are scored whether their services have signals or not; the next tick makes up for these.
      this.logger.error({ msg: 'signals of services could not be derived', environmentId: environment.id, error });
    }
    await this.dispatch.score(environment.id, tick);
  }
}
