import type { QueueSpec } from '../../../scenario/component.types.js';
import { TARGET } from '../families/application.js';
import { VOLUMES } from '../families/containers.js';
import { PROBES } from '../families/probes.js';
import { KAFKA, POSTGRES, REDIS } from '../families/stores.js';
import { type BlockBuilder, type BlockTemplate, buildBlock } from './block-template.js';

export const BACKEND_STATES = ['active', 'idle', 'idle in transaction'] as const;
export const LOCK_MODES = ['accesssharelock', 'rowexclusivelock', 'exclusivelock'] as const;

/** `up`, then the families of `POSTGRES` in its order (three of `activity` and of `locks`), then its volume. */
export function databaseBlock(database: string): BlockTemplate {
  const { series, add } = buildBlock();
  const datname = { datid: '16384', datname: database };
  add('exporter', TARGET.up);
  add('exporter', POSTGRES.up);
  for (const family of [POSTGRES.backends, POSTGRES.commits, POSTGRES.rollbacks, POSTGRES.deadlocks])
    add('exporter', family, datname);
  for (const family of [POSTGRES.blocksHit, POSTGRES.blocksRead]) add('exporter', family, datname);
  for (const state of BACKEND_STATES) add('exporter', POSTGRES.activity, { datname: database, state });
  for (const family of [POSTGRES.maxConnections, POSTGRES.lag, POSTGRES.isReplica]) add('exporter', family);
  add('exporter', POSTGRES.size, { datname: database });
  for (const mode of LOCK_MODES) add('exporter', POSTGRES.locks, { datname: database, mode });
  for (const family of Object.values(VOLUMES)) add('kubelet', family);
  return series;
}

/** `up`, then the families of `REDIS` in its order. */
export function cacheBlock(): BlockTemplate {
  const { series, add } = buildBlock();
  add('exporter', TARGET.up);
  for (const family of Object.values(REDIS)) add('exporter', family, family === REDIS.keys ? { db: 'db0' } : {});
  return series;
}

/** `up`, brokers, partitions; per partition the topic's offset; then per consumer group members, sum and per partition offset and lag. */
export function queueBlock(queue: QueueSpec, groups: readonly string[]): BlockTemplate {
  const { series, add } = buildBlock();
  const topic = queue.name;
  add('exporter', TARGET.up);
  add('exporter', KAFKA.brokers);
  add('exporter', KAFKA.partitions, { topic });
  for (let i = 0; i < queue.partitions; i++) add('exporter', KAFKA.topicOffset, { topic, partition: String(i) });
  for (const consumergroup of groups) addGroup({ series, add }, { consumergroup, topic }, queue.partitions);
  return series;
}

function addGroup(
  { add }: BlockBuilder,
  { consumergroup, topic }: { readonly consumergroup: string; readonly topic: string },
  partitions: number,
): void {
  add('exporter', KAFKA.members, { consumergroup });
  add('exporter', KAFKA.lagSum, { consumergroup, topic });
  for (let i = 0; i < partitions; i++) {
    add('exporter', KAFKA.offset, { consumergroup, topic, partition: String(i) });
    add('exporter', KAFKA.lag, { consumergroup, topic, partition: String(i) });
  }
}

/** `up`, success, duration, status code, certificate. */
export const PROBE_BLOCK: BlockTemplate = [TARGET.up, ...Object.values(PROBES)].map((family) => ({
  family,
  suffix: '',
  target: 'exporter',
  labels: {},
}));
