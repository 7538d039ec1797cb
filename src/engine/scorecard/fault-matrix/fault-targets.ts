import type { CallSpec } from '../../scenario/component.types.js';
import type { FaultKind, FaultTarget } from '../../scenario/fault.types.js';
import type { Scenario } from '../../scenario/scenario.types.js';
import { callEdges } from './touched-services.js';

/** What a fault of this kind can act on in a fleet. */
export function targetsOf(scenario: Scenario, kind: FaultKind): readonly FaultTarget[] {
  const { services, stores, platform } = scenario;
  const service = (names: readonly string[]) => names.map((name): FaultTarget => ({ service: name }));
  const store = (names: readonly string[]) => names.map((name): FaultTarget => ({ store: name }));
  const databases = stores.filter(({ kind: of }) => of === 'database').map(({ name }) => name);
  const replicated = stores.filter((each) => each.kind === 'database' && each.replicas > 0).map(({ name }) => name);
  const called = new Set(callEdges(scenario).map(({ callee }) => callee));
  const serving = services.map(({ name }) => name);
  const calledServices = serving.filter((name) => called.has(name) || isEntry(scenario, name));
  const calledStores = stores.filter(({ name }) => called.has(name)).map(({ name }) => name);

  switch (kind) {
    case 'pod-kill':
    case 'crash-loop':
    case 'cpu-stress':
    case 'memory-leak':
    case 'bad-deploy':
    case 'config-error':
      return service(serving);
    case 'connection-leak':
      return service(services.filter(hasPool).map(({ name }) => name));
    case 'consumer-stuck':
      return service(services.filter(({ consumes }) => consumes !== null).map(({ name }) => name));
    case 'dns-failure':
    case 'dependency-slow':
    case 'dependency-down':
    case 'certificate-expiry':
    case 'retry-storm':
      return [...service(calledServices), ...store(calledStores)];
    case 'disk-full':
    case 'lock-storm':
      return store(databases);
    case 'database-failover':
    case 'replication-lag':
      return store(replicated);
    case 'cache-flush':
      return store(stores.filter(({ kind: of }) => of === 'cache').map(({ name }) => name));
    case 'network-latency':
    case 'network-loss':
    case 'network-partition':
      return links(scenario);
    case 'node-drain':
    case 'node-loss':
      return platform.clusters.flatMap(({ name, nodePools }) =>
        nodePools.map((pool): FaultTarget => ({ cluster: name, node: pool.name })),
      );
    case 'zone-loss':
    case 'clock-skew':
    case 'noisy-neighbour':
      return platform.regions.flatMap(({ zones }) => zones).map((zone): FaultTarget => ({ zone }));
    case 'region-loss':
      return platform.regions.map(({ name }): FaultTarget => ({ region: name }));
    case 'cloud-loss':
      return [...new Set(platform.regions.map(({ cloud }) => cloud))].map((cloud): FaultTarget => ({ cloud }));
    case 'traffic-surge':
      return [{}, ...scenario.load.map(({ name }): FaultTarget => ({ entryPoint: name }))];
  }
}

/** Ways between two components that call each other. */
function links(scenario: Scenario): readonly FaultTarget[] {
  const stores = new Set(scenario.stores.map(({ name }) => name));
  const seen = new Set<string>();
  return callEdges(scenario).flatMap(({ caller, callee }): FaultTarget[] => {
    if (stores.has(caller) || seen.has(`${caller} ${callee}`)) return [];
    seen.add(`${caller} ${callee}`);
    return [{ service: caller, to: stores.has(callee) ? { store: callee } : { service: callee } }];
  });
}

function isEntry({ load }: Scenario, service: string): boolean {
  return load.some((entry) => entry.service === service);
}

function hasPool({ operations }: Scenario['services'][number]): boolean {
  const any = (stages: readonly (readonly CallSpec[])[]): boolean =>
    stages.flat().some((call) => call.pool !== null || any(call.onMiss));
  return operations.some(({ stages }) => any(stages));
}
