import type { Labels } from '../../../kernel/time-series.js';
import type { Fleet } from '../model/fleet.types.js';
import type { TargetLabels } from './layout/block-template.js';
import type { NodeRecord, PodRecord } from './telemetry-state.js';

/** Namespaces in which kube-prometheus runs its own parts. */
const MONITORING = 'monitoring';

export function podTargets(fleet: Fleet, pod: PodRecord): TargetLabels {
  const { name, cluster } = fleet.deployments[pod.deployment]!;
  const state = { ...kubeState(fleet, cluster), pod: pod.name, uid: pod.uid };
  return {
    'kube-state-metrics': state,
    'kube-owner': {
      ...state,
      owner_kind: 'ReplicaSet',
      owner_name: `${name}-${pod.hash}`,
      owner_is_controller: 'true',
    },
    'kube-labels': {
      ...state,
      label_app_kubernetes_io_name: name,
      label_app_kubernetes_io_version: pod.version,
      label_pod_template_hash: pod.hash,
    },
  };
}

/** Of a pod: what names its node, and what the pod itself and its kubelet expose once it has one. */
export function placementTargets(fleet: Fleet, pod: PodRecord): TargetLabels {
  const { name, cluster } = fleet.deployments[pod.deployment]!;
  const { namespace } = fleet.scenario.telemetry;
  const place = { cluster: clusterName(fleet, cluster), namespace };
  const state = { ...kubeState(fleet, cluster), pod: pod.name, uid: pod.uid, node: pod.node };
  const ip = pod.instance.replace(/:\d+$/, '');
  const group = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${pod.uid.replaceAll('-', '_')}.slice`;
  const kubelet = { ...cadvisor(fleet, cluster, pod.node), namespace, pod: pod.name, id: group };
  return {
    application: {
      ...place,
      job: name,
      instance: pod.instance,
      service: name,
      pod: pod.name,
      container: name,
      version: pod.version,
    },
    container: { ...kubelet, container: name, image: `registry.example/${name}:${pod.version}`, name: pod.uid },
    sandbox: { ...kubelet, image: 'registry.k8s.io/pause:3.9', name: `${pod.uid}-sandbox` },
    'kube-state-metrics': state,
    'kube-info': {
      ...state,
      pod_ip: pod.node === '' ? '' : ip,
      host_ip: pod.node,
      host_network: 'false',
      priority_class: '',
      created_by_kind: 'ReplicaSet',
      created_by_name: `${name}-${pod.hash}`,
    },
  };
}

export function nodeTargets(fleet: Fleet, { name, cluster, pool, zone }: NodeRecord): TargetLabels {
  const region = fleet.regions[fleet.clusters[cluster]!.region]!;
  const state = { ...kubeState(fleet, cluster), namespace: MONITORING, node: name };
  return {
    exporter: {
      cluster: clusterName(fleet, cluster),
      namespace: MONITORING,
      job: 'node-exporter',
      instance: name,
      node: name,
    },
    kubelet: cadvisor(fleet, cluster, name),
    'kube-state-metrics': state,
    'kube-info': {
      ...state,
      internal_ip: name,
      kernel_version: '6.1.0',
      kubelet_version: 'v1.31.0',
      os_image: 'Debian GNU/Linux 12 (bookworm)',
      container_runtime_version: 'containerd://1.7.22',
      provider_id: `${region.cloud}:///${fleet.zones[zone]!.name}/${name}`,
    },
    'kube-labels': {
      ...state,
      label_topology_kubernetes_io_region: region.location,
      label_topology_kubernetes_io_zone: fleet.zones[zone]!.name,
      label_node_pool: fleet.clusters[cluster]!.pools[pool]!.name,
    },
  };
}

export function deploymentTargets(fleet: Fleet, deployment: number): TargetLabels {
  const { name, cluster } = fleet.deployments[deployment]!;
  return { 'kube-state-metrics': { ...kubeState(fleet, cluster), deployment: name } };
}

export function replicaSetTargets(fleet: Fleet, deployment: number, hash: string): TargetLabels {
  const { name, cluster } = fleet.deployments[deployment]!;
  const state = { ...kubeState(fleet, cluster), replicaset: `${name}-${hash}` };
  return {
    'kube-state-metrics': state,
    'kube-owner': { ...state, owner_kind: 'Deployment', owner_name: name, owner_is_controller: 'true' },
  };
}

export function autoscalerTargets(fleet: Fleet, deployment: number, name: string): TargetLabels {
  const target = fleet.deployments[deployment]!;
  const state = { ...kubeState(fleet, target.cluster), horizontalpodautoscaler: name };
  return {
    'kube-state-metrics': state,
    'kube-info': {
      ...state,
      scaletargetref_api_version: 'apps/v1',
      scaletargetref_kind: 'Deployment',
      scaletargetref_name: target.name,
    },
  };
}

const EXPORTERS = {
  database: ['postgres-exporter', 9187],
  cache: ['redis-exporter', 9121],
  queue: ['kafka-exporter', 9308],
} as const;

/** Exporters stand beside each instance. A database's instances are named by their role: `orders-db-replica-1:9187`. */
export function storeTargets(fleet: Fleet, component: number, instance: number): TargetLabels {
  const { name, spec, kind } = fleet.components[component]!;
  if (kind !== 'store' || spec.kind === 'external') return {};
  const [job, port] = EXPORTERS[spec.kind];
  const { namespace } = fleet.scenario.telemetry;
  const roles = {
    database: instance === 0 ? `${name}-primary` : `${name}-replica-${instance}`,
    cache: name,
    queue: name,
  };
  const host = roles[spec.kind];
  const place = { cluster: spec.cluster, namespace };
  return {
    exporter: { ...place, job, service: name, instance: `${host}:${port}` },
    kubelet: { ...place, job: 'kubelet', metrics_path: '/metrics', persistentvolumeclaim: `data-${host}` },
  };
}

/** The blackbox exporter stands outside, with the users. */
export function probeTargets(fleet: Fleet, entry: number): TargetLabels {
  const { name, service, operation } = fleet.scenario.load[entry]!;
  const spec = fleet.scenario.services.find((each) => each.name === service);
  const route = spec?.operations.find((each) => each.name === operation)?.route ?? '/';
  return {
    exporter: { job: 'blackbox', instance: `https://${name}.example${route}`, entry_point: name, service },
  };
}

function kubeState(fleet: Fleet, cluster: number): Labels {
  return {
    cluster: clusterName(fleet, cluster),
    job: 'kube-state-metrics',
    instance: 'kube-state-metrics:8080',
    namespace: fleet.scenario.telemetry.namespace,
  };
}

function cadvisor(fleet: Fleet, cluster: number, node: string): Labels {
  return {
    cluster: clusterName(fleet, cluster),
    job: 'kubelet',
    metrics_path: '/metrics/cadvisor',
    instance: `${node}:10250`,
    node,
  };
}

function clusterName(fleet: Fleet, cluster: number): string {
  return fleet.clusters[cluster]!.spec.name;
}
