import type { SimulationState } from '../../simulation.types.js';
import type { TelemetryState } from '../telemetry-state.js';

/** Slots of the pods that count what happens in each cell: cell c has `pods[offset[c]] .. pods[offset[c + 1] - 1]`. */
export interface CellMembers {
  readonly generation: number;
  readonly offset: Int32Array;
  readonly pods: Int32Array;
  /** Parallel to `pods`: first slot of the block of each. */
  readonly bases: Int32Array;
  /** By slot of a pod: the cell that it counts for; -1: none. */
  readonly cellOf: Int32Array;
}

const MEMBERS = new WeakMap<TelemetryState, CellMembers>();

/**
 * Pods that serve in a cell; where none does any more, those that served in it last and still run, as they drain.
 * Worked out again only when pods changed.
 */
export function cellMembersOf(state: SimulationState, telemetry: TelemetryState): CellMembers {
  const known = MEMBERS.get(telemetry);
  if (known?.generation === state.platform.generation) return known;
  const members = collect(state, telemetry);
  MEMBERS.set(telemetry, members);
  return members;
}

function collect({ platform, parameters }: SimulationState, telemetry: TelemetryState): CellMembers {
  const { epoch } = parameters.cells;
  const serving = new Int32Array(epoch.length);
  for (const pod of platform.pods) if (pod !== null && pod.cell >= 0) serving[pod.cell]!++;
  const cellOf = new Int32Array(platform.pods.length).fill(-1);
  const offset = new Int32Array(epoch.length + 1);
  for (let slot = 0; slot < platform.pods.length; slot++) {
    const pod = platform.pods[slot];
    const record = telemetry.pods[slot];
    if (!pod || !record) continue;
    if (pod.cell >= 0) {
      record.cell = pod.cell;
      record.epoch = epoch[pod.cell]!;
    }
    const drains = record.cell >= 0 && serving[record.cell] === 0 && record.epoch === epoch[record.cell];
    if (pod.cell >= 0 || (drains && pod.phase === 'Running' && pod.waiting === null)) {
      cellOf[slot] = record.cell;
      offset[record.cell + 1]!++;
    }
  }
  for (let cell = 0; cell < epoch.length; cell++) offset[cell + 1]! += offset[cell]!;
  const next = offset.slice();
  const pods = new Int32Array(offset[epoch.length]!);
  for (let slot = 0; slot < cellOf.length; slot++) if (cellOf[slot]! >= 0) pods[next[cellOf[slot]!]!++] = slot;
  const bases = pods.map((slot) => telemetry.pods[slot]!.base);
  return { generation: platform.generation, offset, pods, bases, cellOf };
}
