import type { ObservedPod } from './hpa-observation.types.js';
import { MetricFailure } from './metric-failure.js';

/** A caller that shows the same list of pods at every sync gets the same answer. */
const REQUESTS = new WeakMap<readonly ObservedPod[], Map<string, ReadonlyMap<string, number>>>();

/**
 * What each pod asked for of a resource, milli-units: of one container where it is named; else of the pod itself where
 * it states any request; else of all its containers, each of which must state one.
 * Source: kubernetes replica_calculator.go, calculateRequests.
 * @throws {MetricFailure} naming the container without a request.
 */
export function podRequests(
  pods: readonly ObservedPod[],
  resource: string,
  container: string | null,
): ReadonlyMap<string, number> {
  const subject = container === null ? resource : `${container}/${resource}`;
  let known = REQUESTS.get(pods);
  if (!known) REQUESTS.set(pods, (known = new Map()));
  let requests = known.get(subject);
  if (!requests) {
    requests = new Map(pods.map((pod) => [pod.name, requestOf(pod, resource, container)]));
    known.set(subject, requests);
  }
  return requests;
}

function requestOf(pod: ObservedPod, resource: string, container: string | null): number {
  if (container !== null) {
    const found = pod.containers.find(({ name }) => name === container);
    if (!found) throw new MetricFailure(`container ${container} not found in Pod ${pod.name}`);
    return containerRequest(pod, found, resource);
  }
  if (pod.podRequests && Object.keys(pod.podRequests).length > 0) {
    const request = pod.podRequests[resource];
    if (request === undefined) throw new MetricFailure(`missing pod-level request for ${resource} in Pod ${pod.name}`);
    return request;
  }
  let sum = 0;
  for (const each of pod.containers) sum += containerRequest(pod, each, resource);
  return sum;
}

function containerRequest(pod: ObservedPod, container: ObservedPod['containers'][number], resource: string): number {
  const request = container.requests[resource];
  if (request === undefined)
    throw new MetricFailure(`missing request for ${resource} in container ${container.name} of Pod ${pod.name}`);
  return request;
}
