import { Injectable } from '@nestjs/common';
import { advanceGroups } from '../../../engine/detection/groups/advance-groups.js';
import { callGraphOf } from '../../../engine/detection/groups/call-graph.js';
import type { AnomalyGroup, GroupRules } from '../../../engine/detection/groups/groups.types.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { newId } from '../../../kernel/ids.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import type { Transaction } from '../../../platform/database/database.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import type { AnomalyRow } from '../data/rows.js';
import { GroupStateRepository } from './group-state.repository.js';

/** Puts anomalies into groups while a shard commits: one cause is one group, whichever shards its series are in. */
@Injectable()
export class AnomalyGroups {
  private readonly rules: GroupRules;

  constructor(
    private readonly states: GroupStateRepository,
    @InjectConfig(anomalyDetectionConfig) config: AnomalyDetectionConfig,
  ) {
    this.rules = groupRules(config);
  }

  /** Group of each anomaly that opened, by anomaly. */
  async open(
    tx: Transaction,
    environmentId: string,
    opened: readonly AnomalyRow[],
    time: EpochMs,
  ): Promise<ReadonlyMap<string, string>> {
    return this.advance(tx, environmentId, { opened, ended: [] }, time);
  }

  async end(tx: Transaction, environmentId: string, ended: readonly AnomalyRow[], time: EpochMs): Promise<void> {
    await this.advance(tx, environmentId, { opened: [], ended }, time);
  }

  private async advance(
    tx: Transaction,
    environmentId: string,
    { opened, ended }: { readonly opened: readonly AnomalyRow[]; readonly ended: readonly AnomalyRow[] },
    time: EpochMs,
  ): Promise<ReadonlyMap<string, string>> {
    if (opened.length + ended.length === 0) return new Map();
    const { state, calls } = await this.states.lock(tx, environmentId);
    const graph = callGraphOf(calls);
    const news = {
      opened: opened.map((row) => ({
        anomalyId: row.id,
        labels: row.labels,
        startedAt: row.startedAt.getTime(),
        score: row.score,
      })),
      ended: ended.map((row) => ({ anomalyId: row.id, endedAt: row.endedAt!.getTime(), score: row.score })),
    };
    const changes = advanceGroups(state, news, time, { rules: this.rules, graph, newId: () => newId(time) });
    const groups = new Map<string, string>();
    const changed = new Map<string, AnomalyGroup>();
    for (const change of changes) {
      changed.set(change.group.id, change.group);
      if (change.kind === 'opened' || change.kind === 'joined') groups.set(change.anomalyId, change.group.id);
    }
    await this.states.save(tx, environmentId, state, [...changed.values()]);
    await this.states.join(tx, [...groups]);
    return groups;
  }
}

export function groupRules(config: AnomalyDetectionConfig): GroupRules {
  return {
    holdMs: config.groupHoldMinutes * 60_000,
    spreadMs: config.groupSpreadMinutes * 60_000,
    burstMs: config.groupBurstSeconds * 1_000,
  };
}
