import type { Labels } from '../../../kernel/time-series.js';

/** A service as monitoring names it. Two clusters may run services of the same name: they are two services. */
export interface ServiceName {
  readonly service: string;
  /** Empty where no label says. */
  readonly namespace: string;
  readonly cluster: string;
}

/** Labels that name the service of a series, most telling first: Prometheus, Kubernetes and OpenTelemetry practice. */
const SERVICE_LABELS = ['service', 'app', 'app_kubernetes_io_name', 'service_name', 'container'] as const;
const WORKLOAD_LABELS = ['deployment', 'statefulset', 'daemonset'] as const;
/** Jobs that tell of others: their own name says nothing of whose measurement a series is. */
const OBSERVER_JOBS =
  /^(kubelet|kube-state-metrics|cadvisor|blackbox|blackbox-exporter|probes?|pushgateway|federate|kubernetes-(pods|nodes|cadvisor|service-endpoints))$/;
/**
 * Names that Kubernetes gives the pods of Deployments: name, hash of the template, five characters. The hash is a number
 * of 32 bits with a letter for each decimal digit (`SafeEncodeString`), so one in four hundred has less than eight.
 */
const DEPLOYMENT_POD = /^(.+)-(?:[a-f0-9]{8,10}|[4-9bcdf]{5,7})-[a-z0-9]{5}$/;
const STATEFUL_POD = /^(.+)-\d{1,4}$/;
const DAEMON_POD = /^(.+)-[a-z0-9]{5}$/;

/**
 * Whose series this is, or null where no label tells. A series of the kubelet belongs to the service that runs in the
 * container, not to the kubelet.
 */
export function serviceOf(labels: Labels): ServiceName | null {
  const service = nameOf(labels);
  if (service === '') return null;
  return { service, namespace: labels['namespace'] ?? '', cluster: labels['cluster'] ?? '' };
}

/** The same for the same service; never shown to people. */
export function serviceKey({ service, namespace, cluster }: ServiceName): string {
  return `${cluster}\u0000${namespace}\u0000${service}`;
}

/** Labels that a series of the service carries. */
export function serviceLabels({ service, namespace, cluster }: ServiceName): Labels {
  return { ...(cluster === '' ? {} : { cluster }), ...(namespace === '' ? {} : { namespace }), service };
}

/** Name of the workload that a pod belongs to, by the names that Kubernetes gives to pods. */
export function workloadOfPod(pod: string): string {
  return (DEPLOYMENT_POD.exec(pod) ?? STATEFUL_POD.exec(pod) ?? DAEMON_POD.exec(pod))?.[1] ?? pod;
}

function nameOf(labels: Labels): string {
  for (const label of SERVICE_LABELS) {
    const value = labels[label];
    if (value !== undefined && value !== '' && value !== 'POD') return value;
  }
  for (const label of WORKLOAD_LABELS) if (labels[label]) return labels[label];
  const { pod, job } = labels;
  if (pod) return workloadOfPod(pod);
  return job !== undefined && !OBSERVER_JOBS.test(job) ? job : '';
}
