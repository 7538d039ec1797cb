import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { PlatformContext } from '../platform-context.types.js';
import type { Pod } from '../platform-state.types.js';
import { healthOf, type PodHealth } from './pod-health.js';

/** Pods that are alike, and so one cell. */
export interface CellGroup {
  readonly version: number;
  readonly health: PodHealth;
  readonly pods: readonly Pod[];
}

/**
 * Groups pods by version and health, at most as many as a station has cells: above that the two nearest become one
 * with the mean of their health, of one version where there are such.
 */
export function groupPods(context: PlatformContext, pods: readonly Pod[]): CellGroup[] {
  const byKey = new Map<string, { version: number; health: PodHealth; pods: Pod[] }>();
  for (const pod of pods) {
    const health = healthOf(context, pod);
    const key = `${pod.version}/${health.workers}/${health.speed}/${health.errorRatio}/${health.workFactor}`;
    const group = byKey.get(key);
    if (group) group.pods.push(pod);
    else byKey.set(key, { version: pod.version, health, pods: [pod] });
  }
  const groups: CellGroup[] = [...byKey.values()];
  while (groups.length > CELLS_PER_STATION) mergeNearest(groups);
  return groups;
}

function mergeNearest(groups: CellGroup[]): void {
  let best: readonly [number, number] = [0, 1];
  let least = Infinity;
  for (let a = 0; a < groups.length; a++) {
    for (let b = a + 1; b < groups.length; b++) {
      const distance = distanceOf(groups[a]!, groups[b]!);
      if (distance < least) [best, least] = [[a, b], distance];
    }
  }
  const [a, b] = best;
  groups[a] = merged(groups[a]!, groups[b]!);
  groups.splice(b, 1);
}

/** Another version and a stuck server are far from everything. */
function distanceOf(a: CellGroup, b: CellGroup): number {
  const capacityA = a.health.workers * a.health.speed;
  const capacityB = b.health.workers * b.health.speed;
  const capacity = Math.abs(capacityA - capacityB) / Math.max(capacityA, capacityB, 1e-9);
  const work = Math.abs(Math.log(a.health.workFactor / b.health.workFactor));
  const errors = Math.abs(a.health.errorRatio - b.health.errorRatio);
  const stuck = (capacityA === 0) === (capacityB === 0) ? 0 : 100;
  return capacity + work + errors + stuck + (a.version === b.version ? 0 : 1_000);
}

function merged(a: CellGroup, b: CellGroup): CellGroup {
  const pods = [...a.pods, ...b.pods];
  const mean = (of: (health: PodHealth) => number): number =>
    (of(a.health) * a.pods.length + of(b.health) * b.pods.length) / pods.length;
  const capacity = mean(({ workers, speed }) => workers * speed);
  const workers = Math.max(1, Math.ceil(capacity - 1e-9));
  const health: PodHealth = {
    workers,
    speed: Math.min(1, capacity / workers),
    errorRatio: mean(({ errorRatio }) => errorRatio),
    workFactor: mean(({ workFactor }) => workFactor),
  };
  return { version: (a.pods.length >= b.pods.length ? a : b).version, health, pods };
}
