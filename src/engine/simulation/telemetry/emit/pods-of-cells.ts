import type { PlatformState, Pod } from '../../kubernetes/platform-state.types.js';
import type { SimulationState } from '../../simulation.types.js';

interface PodsOfCells {
  readonly generation: number;
  readonly pods: ReadonlyMap<number, readonly Pod[]>;
}

const KNOWN = new WeakMap<PlatformState, PodsOfCells>();

/** One of the pods that serve in a cell, by any whole number; null: there is none. */
export function podOfCell({ platform }: SimulationState, cell: number, choice: number): Pod | null {
  let known = KNOWN.get(platform);
  if (known?.generation !== platform.generation) {
    const pods = new Map<number, Pod[]>();
    for (const pod of platform.pods) {
      if (pod === null || pod.cell < 0) continue;
      const listed = pods.get(pod.cell);
      if (listed === undefined) pods.set(pod.cell, [pod]);
      else listed.push(pod);
    }
    known = { generation: platform.generation, pods };
    KNOWN.set(platform, known);
  }
  const pods = known.pods.get(cell) ?? [];
  return pods[choice % Math.max(1, pods.length)] ?? null;
}
