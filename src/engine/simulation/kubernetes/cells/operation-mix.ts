import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { PlatformContext } from '../platform-context.types.js';

/** Seconds between looks at the mix of operations. */
const INTERVAL = 60;
/** Requests below which a minute says nothing about the mix, and the change below which it is chance. */
const MIN_REQUESTS = 100;
const MIN_CHANGE = 0.02;

/**
 * Keeps the CPU per second of work at the mix of operations that the traffic has: a pod whose requests burn more CPU for
 * their time carries fewer of them at once.
 */
export function watchMix(context: PlatformContext): void {
  if (context.step % INTERVAL !== 0 || context.step === 0) return;
  for (let deployment = 0; deployment < context.control.deployments.length; deployment++) {
    if (context.control.deployments[deployment]!.mix.length > 1) watch(context, deployment);
  }
}

function watch({ control, fleet, flows }: PlatformContext, deployment: number): void {
  const { operations, operationStride, stations } = fleet.network;
  const { station } = fleet.deployments[deployment]!;
  const memory = control.deployments[deployment]!;
  let requests = 0;
  let cpu = 0;
  let work = 0;
  for (const [position, index] of stations[station]!.operations.entries()) {
    let arrived = 0;
    for (let cell = station * CELLS_PER_STATION; cell < (station + 1) * CELLS_PER_STATION; cell++)
      arrived += flows!.arrived[cell * operationStride + position]!;
    const fresh = arrived - memory.mix[position]!;
    memory.mix[position] = arrived;
    requests += fresh;
    cpu += fresh * operations[index]!.cpuSeconds;
    work += fresh * operations[index]!.work.mean;
  }
  if (requests < MIN_REQUESTS || work <= 0) return;
  const cpuPerWork = cpu / work;
  if (Math.abs(cpuPerWork - memory.cpuPerWork) <= MIN_CHANGE * memory.cpuPerWork) return;
  memory.cpuPerWork = cpuPerWork;
  memory.needsCells = true;
}
