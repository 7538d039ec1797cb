import type { FamilyDescriptor } from '../telemetry.types.js';
import { APPLICATION, TARGET } from './application.js';
import { CONTAINERS, VOLUMES } from './containers.js';
import { AUTOSCALERS, DEPLOYMENTS, KUBE_NODES, PODS, REPLICA_SETS } from './kube-state.js';
import { NODES } from './nodes.js';
import { PROBES } from './probes.js';
import { KAFKA, POSTGRES, REDIS } from './stores.js';

/** Every family that a run can have, in the order in which expositions print them. */
export const ALL_FAMILIES: readonly FamilyDescriptor[] = [
  ...[TARGET, APPLICATION, CONTAINERS, VOLUMES, PODS, DEPLOYMENTS, REPLICA_SETS, AUTOSCALERS, KUBE_NODES].flatMap(
    listed,
  ),
  ...[NODES, POSTGRES, REDIS, KAFKA, PROBES].flatMap(listed),
];

function listed(families: Readonly<Record<string, FamilyDescriptor>>): readonly FamilyDescriptor[] {
  return Object.values(families);
}
