import type { ResourcesSpec } from '../../../scenario/component.types.js';
import { CONTAINERS } from '../families/containers.js';
import type { BlockBuilder } from './block-template.js';

/** Offsets within the block; -1: not exposed, as without a limit. */
export interface ContainerOffsets {
  readonly cpu: number;
  /** Periods, throttled periods, throttled seconds. */
  readonly throttling: number;
  readonly workingSet: number;
  readonly rss: number;
  readonly memoryLimit: number;
  /** Quota, then period. */
  readonly quota: number;
  /** Received, then transmitted. */
  readonly network: number;
}

export function addContainer(block: BlockBuilder, resources: ResourcesSpec): ContainerOffsets {
  const limited = Number.isFinite(resources.cpuLimit);
  const add = (family: (typeof CONTAINERS)[keyof typeof CONTAINERS], labels = {}) =>
    block.add('container', family, labels);
  const cpu = add(CONTAINERS.cpu, { cpu: 'total' });
  const throttling = limited ? add(CONTAINERS.periods) : -1;
  if (limited) [CONTAINERS.throttledPeriods, CONTAINERS.throttledSeconds].forEach((family) => add(family));
  const workingSet = add(CONTAINERS.workingSet);
  const rss = add(CONTAINERS.rss);
  const memoryLimit = add(CONTAINERS.memoryLimit);
  const quota = limited ? add(CONTAINERS.cpuQuota) : -1;
  if (limited) add(CONTAINERS.cpuPeriod);
  const network = block.add('sandbox', CONTAINERS.received, { interface: 'eth0' });
  block.add('sandbox', CONTAINERS.transmitted, { interface: 'eth0' });
  return { cpu, throttling, workingSet, rss, memoryLimit, quota, network };
}
