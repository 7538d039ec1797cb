import { counter, gauge } from './family.js';

/** kube-state-metrics v2.13, with the labels that its allow lists are usually opened for. */
export const PODS = {
  info: gauge('kube_pod_info', 'Information about pod.'),
  owner: gauge('kube_pod_owner', "Information about the Pod's owner."),
  labels: gauge('kube_pod_labels', 'Kubernetes labels converted to Prometheus labels.'),
  created: gauge('kube_pod_created', 'Unix creation timestamp'),
  startTime: gauge('kube_pod_start_time', 'Start time in unix timestamp for a pod.'),
  phase: gauge('kube_pod_status_phase', 'The pods current phase.'),
  ready: gauge('kube_pod_status_ready', 'Describes whether the pod is ready to serve requests.'),
  scheduled: gauge('kube_pod_status_scheduled', 'Describes the status of the scheduling process for the pod.'),
  unschedulable: gauge('kube_pod_status_unschedulable', 'Describes the unschedulable status for the pod.'),
  containerReady: gauge(
    'kube_pod_container_status_ready',
    'Describes whether the containers readiness check succeeded.',
  ),
  running: gauge('kube_pod_container_status_running', 'Describes whether the container is currently in running state.'),
  restarts: counter('kube_pod_container_status_restarts_total', 'The number of container restarts per container.'),
  waiting: gauge(
    'kube_pod_container_status_waiting_reason',
    'Describes the reason the container is currently in waiting state.',
  ),
  lastTerminated: gauge(
    'kube_pod_container_status_last_terminated_reason',
    'Describes the last reason the container was in terminated state.',
  ),
  requests: gauge(
    'kube_pod_container_resource_requests',
    'The number of requested request resource by a container. It is recommended to use the kube_pod_resource_requests metric exposed by kube-scheduler instead, as it is more precise.',
  ),
  limits: gauge(
    'kube_pod_container_resource_limits',
    'The number of requested limit resource by a container. It is recommended to use the kube_pod_resource_limits metric exposed by kube-scheduler instead, as it is more precise.',
  ),
} as const;

export const DEPLOYMENTS = {
  replicas: gauge('kube_deployment_spec_replicas', 'Number of desired pods for a deployment.'),
  statusReplicas: gauge('kube_deployment_status_replicas', 'The number of replicas per deployment.'),
  ready: gauge('kube_deployment_status_replicas_ready', 'The number of ready replicas per deployment.'),
  available: gauge('kube_deployment_status_replicas_available', 'The number of available replicas per deployment.'),
  unavailable: gauge(
    'kube_deployment_status_replicas_unavailable',
    'The number of unavailable replicas per deployment.',
  ),
  updated: gauge('kube_deployment_status_replicas_updated', 'The number of updated replicas per deployment.'),
  observedGeneration: gauge(
    'kube_deployment_status_observed_generation',
    'The generation observed by the deployment controller.',
  ),
  generation: gauge(
    'kube_deployment_metadata_generation',
    'Sequence number representing a specific generation of the desired state.',
  ),
  created: gauge('kube_deployment_created', 'Unix creation timestamp'),
  condition: gauge('kube_deployment_status_condition', 'The current status conditions of a deployment.'),
} as const;

export const REPLICA_SETS = {
  replicas: gauge('kube_replicaset_spec_replicas', 'Number of desired pods for a ReplicaSet.'),
  statusReplicas: gauge('kube_replicaset_status_replicas', 'The number of replicas per ReplicaSet.'),
  ready: gauge('kube_replicaset_status_ready_replicas', 'The number of ready replicas per ReplicaSet.'),
  owner: gauge('kube_replicaset_owner', "Information about the ReplicaSet's owner."),
} as const;

export const AUTOSCALERS = {
  info: gauge('kube_horizontalpodautoscaler_info', 'Information about this autoscaler.'),
  min: gauge(
    'kube_horizontalpodautoscaler_spec_min_replicas',
    'Lower limit for the number of pods that can be set by the autoscaler, default 1.',
  ),
  max: gauge(
    'kube_horizontalpodautoscaler_spec_max_replicas',
    'Upper limit for the number of pods that can be set by the autoscaler; cannot be smaller than MinReplicas.',
  ),
  current: gauge(
    'kube_horizontalpodautoscaler_status_current_replicas',
    'Current number of replicas of pods managed by this autoscaler.',
  ),
  desired: gauge(
    'kube_horizontalpodautoscaler_status_desired_replicas',
    'Desired number of replicas of pods managed by this autoscaler.',
  ),
  condition: gauge('kube_horizontalpodautoscaler_status_condition', 'The condition of this autoscaler.'),
  target: gauge(
    'kube_horizontalpodautoscaler_spec_target_metric',
    'The metric specifications used by this autoscaler when calculating the desired replica count.',
  ),
  value: gauge(
    'kube_horizontalpodautoscaler_status_target_metric',
    'The current metric status used by this autoscaler when calculating the desired replica count.',
  ),
} as const;

export const KUBE_NODES = {
  info: gauge('kube_node_info', 'Information about a cluster node.'),
  created: gauge('kube_node_created', 'Unix creation timestamp'),
  condition: gauge('kube_node_status_condition', 'The condition of a cluster node.'),
  allocatable: gauge(
    'kube_node_status_allocatable',
    'The allocatable for different resources of a node that are available for scheduling.',
  ),
  capacity: gauge('kube_node_status_capacity', 'The capacity for different resources of a node.'),
  unschedulable: gauge('kube_node_spec_unschedulable', 'Whether a node can schedule new pods.'),
  labels: gauge('kube_node_labels', 'Kubernetes labels converted to Prometheus labels.'),
} as const;
