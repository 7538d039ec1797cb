import type { FaultKind } from '../fault.types.js';

/** What each fault changes in the model, for the reference: parameters, never metrics. */
export const FAULT_EFFECTS: Readonly<Record<FaultKind, string>> = {
  'pod-kill': 'The pods are gone at once with what they held; their replica set makes new ones, which start cold.',
  'crash-loop': 'A container exits `after` its start and waits for the back-off before the next.',
  'node-drain': 'Nodes take no new pods, theirs are stopped with their grace period and placed elsewhere.',
  'node-loss':
    'Calls to the pods hang until their endpoints are gone; the pods are replaced after `eviction`. Nodes come back at the end.',
  'zone-loss': 'As the loss of every node in it; databases fail over, caches come up empty in another zone.',
  'region-loss': 'As the loss of all its zones. Users move as fast as DNS lets them.',
  'cloud-loss': 'As the loss of all regions of the provider.',
  'cpu-stress': 'The pods have fewer cores for requests, and are throttled at their CPU limit.',
  'memory-leak': 'The working set grows until the limit, then the container is killed and starts again.',
  'disk-full': 'A database that is full refuses writes; a node above 85 % evicts a pod every 10 s and takes none.',
  'network-latency': 'Calls that cross take `delay` longer and hold their places in the caller meanwhile.',
  'network-loss': 'A share of the calls that cross gets no answer: the caller waits for its timeout.',
  'network-partition': 'No call that crosses gets an answer.',
  'dns-failure': 'A share of the calls is refused before it leaves the caller.',
  'dependency-slow': "Work times are multiplied; queues and the callers' pods fill by themselves.",
  'dependency-down': 'A share of the calls is refused at once.',
  'database-failover': 'No primary for the failover time of the database, then a replica is the primary.',
  'replication-lag':
    'Replicas fall behind by `growth` seconds each second and catch up afterwards; beyond 30 s the primary gets their reads.',
  'connection-leak': 'Pools shrink, as do the free connections of the database; a restart gives them back.',
  'lock-storm': 'Every running write slows down every other one more.',
  'cache-flush': 'The cache is cold: look-ups miss and go to what `onMiss` calls, which warms it again.',
  'consumer-stuck': 'The pods finish nothing; messages wait in the queue.',
  'certificate-expiry':
    'Calls to the component are refused at the handshake; a fault of its own, whatever `certificateExpires` says.',
  'clock-skew': 'Beyond a minute, pods on these nodes answer every request with an error.',
  'bad-deploy': 'Rolls out as a deploy does; the settings are the effects of that version.',
  'config-error': 'A share of the requests of the pods is answered with 500.',
  'traffic-surge': 'The rate of the entry point times `factor`.',
  'retry-storm': 'Timeouts of the callers are shortened and retries added.',
  'noisy-neighbour': 'Nodes have fewer cores for pods, whatever these requested.',
};
