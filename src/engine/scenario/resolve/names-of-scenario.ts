import type { Scenario } from '../scenario.types.js';
import type { FleetNames } from './names.types.js';

/** Names of a scenario that is complete, for what is asked of it while it runs. */
export function namesOfScenario({ services, stores, load, platform }: Scenario): FleetNames {
  return {
    services: new Map(
      services.map(({ name, clusters, consumes }) => [name, { clusters, ...(consumes && { consumes }) }]),
    ),
    stores: new Map(stores.map((store) => [store.name, store])),
    entries: new Map(load.map(({ name, service, operation }) => [name, { to: `${service}.${operation}` }])),
    clusters: new Map(platform.clusters.map(({ name, region }) => [name, region])),
    pools: new Map(platform.clusters.map(({ name, nodePools }) => [name, nodePools.map((pool) => pool.name)])),
    regions: new Map(platform.regions.map(({ name, zones }) => [name, zones])),
  };
}
