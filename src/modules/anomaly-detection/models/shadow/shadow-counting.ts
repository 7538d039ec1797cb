import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { EpochMs } from '../../../../kernel/clock.js';
import type { Transaction } from '../../../../platform/database/database.js';
import { ShadowCountRepository } from '../data/shadow-count.repository.js';
import { ShadowRepository } from '../data/shadow.repository.js';
import { SHADOW_POINTS } from '../models.metrics.js';
import { ShadowLedger } from './shadow-ledger.js';

/** The shard that a ledger counts for. */
export interface CountedShard {
  readonly environmentId: string;
  readonly number: number;
  ledger: ShadowLedger | null;
}

/** Keeps what shadows count with the position of their shard: whoever scores it next, and however this one ended. */
@Injectable()
export class ShadowCounting {
  constructor(
    private readonly counts: ShadowCountRepository,
    private readonly shadows: ShadowRepository,
    @InjectMetric(SHADOW_POINTS) private readonly points: Counter,
  ) {}

  /** The ledger of a shard that stands at this position: the one in memory while it agrees, else what was committed. */
  async open(shard: CountedShard, shadowIds: readonly string[], position: EpochMs): Promise<ShadowLedger | null> {
    if (shadowIds.length === 0) return (shard.ledger = null);
    if (shard.ledger?.standsAt(position, shadowIds)) return shard.ledger;
    const { environmentId, number } = shard;
    const stored = await this.counts.of(environmentId, number);
    return (shard.ledger = new ShadowLedger(environmentId, shadowIds, stored, position));
  }

  /** Last in its transaction: hours are shared by all shards of the environment. */
  async write(tx: Transaction, { environmentId, number, ledger }: CountedShard, until: EpochMs): Promise<void> {
    if (!ledger) return;
    const { counts, hours, anomalies } = ledger.pending(until);
    await this.counts.save(tx, environmentId, number, counts);
    await this.shadows.add(tx, hours, anomalies);
  }

  committed({ ledger }: CountedShard, until: EpochMs): void {
    if (ledger) this.points.inc(ledger.settle(until));
  }
}
