import type { ControlState } from '../../kubernetes/control-state.types.js';
import type { Pod } from '../../kubernetes/platform-state.types.js';
import type { SimulationState } from '../../simulation.types.js';

/** A node that vanished answers no more, though the API server may still think it Ready. */
export function isNodeReachable({ platform, control }: SimulationState, node: number): boolean {
  const found = platform.nodes[node] ?? null;
  if (found === null) return false;
  const lostAt = (control as Partial<ControlState>).nodes?.[node]?.lostAt ?? -1;
  return lostAt < 0 && found.ready;
}

export function isReachable(state: SimulationState, pod: Pod): boolean {
  return pod.node >= 0 && isNodeReachable(state, pod.node);
}
