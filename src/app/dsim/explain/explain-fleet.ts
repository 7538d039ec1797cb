import type { ServiceSpec, StoreSpec } from '../../../engine/scenario/component.types.js';
import type { ClusterSpec } from '../../../engine/scenario/platform.types.js';
import type { Fleet } from '../../../engine/simulation/model/fleet.types.js';
import { gibibytes, grid, latency, plural, short } from '../terminal/words.js';

/** Clusters with what their nodes cost, services with their pods, stores. */
export function explainFleet({ scenario }: Fleet, columns: number): string {
  const { regions, clusters } = scenario.platform;
  const region = (name: string) => regions.find((candidate) => candidate.name === name)!;
  const rows = clusters.map((cluster) => {
    const { cloud, location } = region(cluster.region);
    return [cluster.name, `${cloud} ${location}`, cluster.nodePools.map(pool).join('; '), money(cluster)];
  });
  return [
    grid(rows, columns, '  '),
    grid(scenario.services.map(service), columns, '  '),
    grid(
      scenario.stores.map((store) => [store.name, describeStore(store)]),
      columns,
      '  ',
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function pool({ name, nodes, min, max, cpu, memory }: ClusterSpec['nodePools'][number]): string {
  const bounds = min === max ? '' : ` (${min} to ${max})`;
  return `${plural(nodes, 'node')} ${name}${bounds} of ${short(cpu)} cores, ${gibibytes(memory)}`;
}

function money({ nodePools, autoscaler }: ClusterSpec): string {
  const perHour = nodePools.reduce((sum, { nodes, price }) => sum + nodes * price, 0);
  return `${perHour.toFixed(2)} USD/hour${autoscaler === null ? '' : ', cluster autoscaler'}`;
}

function service({ name, replicas, clusters, resources, concurrency, consumes }: ServiceSpec): readonly string[] {
  const limit = resources.cpuLimit === Infinity ? 'no limit' : `limit ${short(resources.cpuLimit)}`;
  return [
    name,
    `${plural(replicas, 'pod')} in ${clusters.join(', ')}`,
    `${short(resources.cpuRequest)} cores (${limit}), ${gibibytes(resources.memoryLimit)}`,
    consumes === null ? `${concurrency} requests at once` : `consumes ${consumes.queue}, ${concurrency} at once`,
  ];
}

function describeStore(store: StoreSpec): string {
  switch (store.kind) {
    case 'database':
      return `database in ${store.cluster}, ${plural(store.replicas, 'replica')}, ${store.cores} cores, ${store.maxConnections} connections`;
    case 'cache':
      return `cache in ${store.cluster}, ${short(store.hitRatio * 100)} % hits when warm`;
    case 'queue':
      return `queue in ${store.cluster}, ${plural(store.partitions, 'partition')}`;
    case 'external': {
      const limit = store.rateLimit === Infinity ? '' : `, at most ${short(store.rateLimit)} requests/s`;
      return `external, ${'mean' in store.latency ? `answers in ${latency(store.latency.mean)}` : 'latency as recorded'}${limit}`;
    }
  }
}
