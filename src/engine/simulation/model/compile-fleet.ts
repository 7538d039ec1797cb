import type { Scenario } from '../../scenario/scenario.types.js';
import { addConsumers, addEntry, addStages, type EdgePlan } from './compile-edges.js';
import { compileClusters, compileZones } from './compile-places.js';
import { planStations } from './compile-stations.js';
import { createNetwork } from './create-network.js';
import type { Fleet } from './fleet.types.js';

/**
 * Builds the queueing network of a scenario. Stations: one per service and cluster (`checkout@eu`), one per role of a
 * database (`orders-db.primary`), one per cache, queue and external service. Edges: the entry points in their order,
 * then the calls of every operation, cluster by cluster.
 *
 * @throws CannotCompileError for names nobody has and distributions that cannot exist; a parsed scenario has neither
 */
export function compileFleet(scenario: Scenario): Fleet {
  const { platform, telemetry } = scenario;
  const zones = compileZones(platform);
  const clusters = compileClusters(platform, zones);
  const plan = planStations(scenario, clusters);
  const edges: EdgePlan = { edges: [], calls: [], targets: [] };
  const entries = scenario.load.map((entry, position) => addEntry(plan, edges, entry, position));
  const operations = plan.operations.map((operation) => ({
    ...operation,
    stages:
      plan.roles[operation.station]!.kind === 'queue'
        ? addConsumers(plan, edges, operation)
        : addStages(plan, edges, operation, plan.specs[operation.index]?.stages ?? []),
  }));
  const network = createNetwork({
    stations: plan.stations,
    operations,
    edges: edges.edges,
    targets: edges.targets,
    entries,
    durationBounds: telemetry.durationBuckets,
    userLatencies: scenario.slos.map(({ latency }) => latency),
  });
  return {
    scenario,
    network,
    regions: platform.regions,
    zones,
    clusters,
    components: plan.components,
    deployments: plan.deployments,
    roles: plan.roles,
    calls: edges.calls,
  };
}
