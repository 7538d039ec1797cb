import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { type Environment, EnvironmentsReader } from '../../environments/index.js';
import { ChunkRepository } from './chunk.repository.js';
import { DAY_MS, HOUR_MS } from './partition-names.js';
import { PartitionRepository } from './partition.repository.js';
import { SeriesRepository } from './series.repository.js';

const HOURS_AHEAD = 3;
const DAYS_AHEAD = 2;

/** Makes partitions before they are needed and drops them when their samples have had their time. */
@Injectable()
export class RetentionService {
  private readonly logger = new Logger(RetentionService.name);

  constructor(
    private readonly environments: EnvironmentsReader,
    private readonly partitions: PartitionRepository,
    private readonly chunks: ChunkRepository,
    private readonly series: SeriesRepository,
    private readonly clock: Clock,
  ) {}

  async maintain(environment: Environment): Promise<void> {
    const { id, key, retentionDays } = environment;
    const now = this.clock.now();
    await this.partitions.register(id, key);
    await this.partitions.ensure('recent', key, steps(now, HOURS_AHEAD, HOUR_MS));
    await this.partitions.ensure('hourly', key, steps(now, DAYS_AHEAD, DAY_MS));
    const oldest = now - retentionDays * DAY_MS;
    const dropped = [
      ...(await this.partitions.dropBefore('recent', key, oldest)),
      ...(await this.partitions.dropBefore('hourly', key, oldest)),
    ];
    await this.chunks.forgetLateHours(id, oldest);
    // A day longer than its last sample can live in a partition that is dropped as a whole.
    const purged = await this.series.purge(id, retentionDays + 1);
    if (dropped.length > 0 || purged > 0) {
      this.logger.log({ msg: 'applied retention', environmentId: id, retentionDays, dropped, purgedSeries: purged });
    }
  }

  async drop(environmentKey: number): Promise<void> {
    if (await this.partitions.dropEnvironment(environmentKey)) {
      this.logger.log({ msg: 'dropped the samples of a deleted environment', environmentKey });
    }
  }

  /** Storage whose environment is gone: a pack that ran while it was deleted may have made it again. */
  async dropOrphans(): Promise<void> {
    const known = new Set((await this.environments.all()).map(({ key }) => key));
    // `all` may be some seconds old, so `drop` looks again before each step.
    for (const key of await this.partitions.environmentKeys()) if (!known.has(key)) await this.drop(key);
  }
}

function steps(from: number, count: number, step: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) => from + i * step);
}
