import { hpaOfScaledObject } from '../../scaling/keda/hpa-of-scaled-object.js';
import { metricsOf } from '../../scaling/hpa/defaults.js';
import type { HorizontalPodAutoscaler, MetricSpec } from '../../scaling/hpa/hpa.types.js';
import type { AutoscalerSpec } from '../../scenario/scenario.types.js';
import type { Deployment, Fleet } from '../model/fleet.types.js';
import { BASE_MEMORY_SPREAD } from './pods/base-memory.js';

/** What follows from the fleet alone. */
export interface PlatformPlan {
  readonly deployments: readonly DeploymentPlan[];
  /** By cluster: its deployments. */
  readonly byCluster: readonly (readonly number[])[];
  /** By service: its deployments. */
  readonly byService: ReadonlyMap<string, readonly number[]>;
  /** Deployments whose readiness probes wait in line with requests. A consumer's requests come another way. */
  readonly probed: readonly number[];
  /** Deployments that have autoscalers, and those of them that KEDA polls for between the syncs. */
  readonly autoscaled: readonly DeploymentPlan[];
  readonly polled: readonly DeploymentPlan[];
}

export interface DeploymentPlan {
  readonly deployment: Deployment;
  /** Most pods that can work at once: partitions of the queue that it consumes; Infinity: no such bound. */
  readonly maxServing: number;
  /** CPU seconds per second of work: plain mean over the operations. */
  readonly cpuPerWork: number;
  /** Traffic goes by weights (canary, blue-green), not to whatever is ready. */
  readonly progressive: boolean;
  readonly autoscalers: readonly AutoscalerPlan[];
  /** An autoscaler asks for signals of the service. */
  readonly observed: boolean;
  /** Requests alone can fill the memory. */
  readonly memoryAtRisk: boolean;
}

export interface AutoscalerPlan {
  readonly spec: AutoscalerSpec;
  /** The user's own, or the one that KEDA makes of the ScaledObject. */
  readonly hpa: HorizontalPodAutoscaler;
  /** Names of the other autoscalers of the same Deployment. */
  readonly others: readonly string[];
  /** Resources that its metrics ask metrics-server for. */
  readonly resources: ReadonlySet<string>;
}

const plans = new WeakMap<Fleet, PlatformPlan>();

/** Pure function of the fleet, kept beside it. */
export function platformPlan(fleet: Fleet): PlatformPlan {
  let plan = plans.get(fleet);
  if (!plan) {
    plan = makePlan(fleet);
    plans.set(fleet, plan);
  }
  return plan;
}

function makePlan(fleet: Fleet): PlatformPlan {
  const byService = new Map<string, number[]>();
  for (const { name, index } of fleet.deployments) byService.set(name, [...(byService.get(name) ?? []), index]);
  const deployments = fleet.deployments.map((deployment) => planDeployment(fleet, deployment));
  return {
    deployments,
    autoscaled: deployments.filter(({ autoscalers }) => autoscalers.length > 0),
    polled: deployments.filter(({ autoscalers }) => autoscalers.some(({ spec }) => spec.kind === 'keda')),
    byCluster: fleet.clusters.map((cluster) =>
      fleet.deployments.filter((each) => each.cluster === cluster.index).map(({ index }) => index),
    ),
    byService,
    probed: fleet.deployments.filter(({ spec }) => spec.readiness && spec.consumes === null).map(({ index }) => index),
  };
}

function planDeployment(fleet: Fleet, deployment: Deployment): DeploymentPlan {
  const { spec } = deployment;
  const { operations } = fleet.network.stations[deployment.station]!;
  let work = 0;
  let cpu = 0;
  for (const index of operations) {
    work += fleet.network.operations[index]!.work.mean;
    cpu += fleet.network.operations[index]!.cpuSeconds;
  }
  const queue = fleet.scenario.stores.find((store) => store.kind === 'queue' && store.name === spec.consumes?.queue);
  const held = spec.consumes === null ? spec.concurrency + spec.queueLimit : spec.concurrency;
  return {
    deployment,
    maxServing: queue?.kind === 'queue' ? queue.partitions : Infinity,
    cpuPerWork: work > 0 ? cpu / work : 0,
    autoscalers: planAutoscalers(fleet, deployment),
    observed: observedServices(fleet).has(deployment.name),
    progressive: spec.rollout.strategy === 'canary' || spec.rollout.strategy === 'blue-green',
    memoryAtRisk:
      spec.memory.base * (1 + BASE_MEMORY_SPREAD) + spec.memory.perRequest * held > spec.resources.memoryLimit,
  };
}

function planAutoscalers(fleet: Fleet, { cluster, name }: Deployment): AutoscalerPlan[] {
  const place = fleet.clusters[cluster]!.spec.name;
  const plans = fleet.scenario.autoscalers
    .filter(({ clusters, service }) => service === name && clusters.includes(place))
    .map((spec) => ({ spec, hpa: spec.kind === 'hpa' ? spec.object : hpaOfScaledObject(spec.object) }));
  return plans.map((plan) => ({
    ...plan,
    others: plans
      .filter(({ hpa, spec }) =>
        plan.spec.kind === 'keda' ? spec.object !== plan.spec.object : hpa.metadata.name !== plan.hpa.metadata.name,
      )
      .map(({ hpa }) => hpa.metadata.name),
    resources: new Set(metricsOf(plan.hpa.spec).flatMap(resourceOf)),
  }));
}

function resourceOf(metric: MetricSpec): readonly string[] {
  if (metric.type === 'Resource') return [metric.resource.name];
  return metric.type === 'ContainerResource' ? [metric.containerResource.name] : [];
}

function observedServices(fleet: Fleet): ReadonlySet<string> {
  const signals = fleet.scenario.autoscalers.flatMap((each) => Object.values(each.signals));
  return new Set(signals.flatMap((signal) => ('service' in signal ? [signal.service] : [])));
}
