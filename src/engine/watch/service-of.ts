import type { Labels } from '../../kernel/time-series.js';

/** Name of a ReplicaSet's pod: deployment, hash of its template (a letter for each digit, seldom so few), five letters of its own. */
const POD_NAME = /^(.+)-(?:[a-z0-9]{8,10}|[4-9bcdf]{5,7})-[a-z0-9]{5}$/;
const REPLICA_SET_NAME = /^(.+)-(?:[a-z0-9]{8,10}|[4-9bcdf]{5,7})$/;

/**
 * What a series is about: its label `service`, else the workload that its container, pod, deployment, replica set or
 * autoscaler names; null where none of them does, as of nodes.
 */
export function serviceOf(labels: Labels): string | null {
  const named =
    labels['service'] ??
    labels['app'] ??
    labels['deployment'] ??
    labels['statefulset'] ??
    labels['horizontalpodautoscaler'];
  if (named !== undefined) return named;
  const { pod, container, replicaset } = labels;
  if (pod !== undefined) return POD_NAME.exec(pod)?.[1] ?? container ?? pod;
  if (replicaset !== undefined) return REPLICA_SET_NAME.exec(replicaset)?.[1] ?? replicaset;
  const claim = labels['persistentvolumeclaim'];
  if (claim !== undefined) return claim.replace(/^data-/, '').replace(/-(primary|replica-\d+)$/, '');
  return container ?? null;
}
