import type { ReplicaAccount } from '../account/account.types.js';
import { replicaKey } from '../account/replica-key.js';
import type { Simulation } from '../simulation.types.js';
import type { ReplicaReport, ServiceReport } from './report.types.js';
import { ratio } from './tidy.js';

export function reportServices({ fleet, state }: Simulation): readonly ServiceReport[] {
  const { account, step } = state;
  return fleet.scenario.services.map(({ name }) => {
    const service = account.services[name]!;
    const clusters = fleet.deployments.flatMap(({ spec, cluster }, d) =>
      spec.name === name
        ? [[fleet.clusters[cluster]!.spec.name, reportReplicas(account.replicas[replicaKey(fleet, d)]!, step)] as const]
        : [],
    );
    return {
      name,
      ...reportReplicas(service, step),
      restarts: service.restarts,
      oomKills: service.oomKills,
      unschedulablePodSeconds: service.unschedulableSeconds,
      maxUnschedulablePods: service.maxUnschedulable,
      clusters: Object.fromEntries(clusters),
    };
  });
}

function reportReplicas({ min, max, podSeconds, last, changes }: ReplicaAccount, steps: number): ReplicaReport {
  return { min, max, mean: ratio(podSeconds, steps), final: last, changes };
}
