import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import { serviceKey, serviceOf } from '../service/service-name.js';

/** What stands for all telemetry of an environment where an anomaly says that none arrives. */
export const ENVIRONMENT_LABELS: Labels = { [METRIC_NAME_LABEL]: 'environment:telemetry' };

/** Labels that only series of batch jobs carry: they are meant to leave. */
const BATCH_LABELS = ['cronjob', 'job_name', 'batch_kubernetes_io_job_name'] as const;
/**
 * Name that a CronJob gives its pods: job, minutes since the epoch (seconds before Kubernetes 1.21), five characters. The
 * hash of a ReplicaSet may be all digits too, but of 4 to 9 only; minutes begin with 2 or 3 until 2046.
 */
const BATCH_POD = /-(?:[23]\d{7}|1\d{9})-[a-z0-9]{5}$/;
const SIGNAL = /^service:/;
/** Series that are there only while something is the case: reasons of kube-state-metrics, alerts of Prometheus. */
const WHILE_IT_HOLDS = /_reason$|^ALERTS(_FOR_STATE)?$/;

/**
 * Names the series that stand for each other when some of them leave, as `absent()` of Prometheus would be asked:
 * those of one metric and service, or of one metric and job where no service is known. A signal of a service is its own
 * like. Null where nobody waits for the next sample: series of batch jobs, and states that are told of while they hold.
 */
export function likeOf(labels: Labels): string | null {
  const name = labels[METRIC_NAME_LABEL] ?? '';
  if (SIGNAL.test(name)) {
    const names = Object.keys(labels).sort();
    return names.map((label) => `${label}\u0000${labels[label]}`).join('\u0001');
  }
  if (WHILE_IT_HOLDS.test(name)) return null;
  if (BATCH_LABELS.some((label) => labels[label]) || BATCH_POD.test(labels['pod'] ?? '')) return null;
  const service = serviceOf(labels);
  if (service !== null) return `${name}\u0001${serviceKey(service)}`;
  return `${name}\u0001${labels['cluster'] ?? ''}\u0000\u0000\u0000${labels['job'] ?? ''}`;
}
