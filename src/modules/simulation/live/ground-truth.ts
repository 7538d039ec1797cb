import { describeTarget } from '../../../engine/simulation/account/describe-target.js';
import type { Simulation } from '../../../engine/simulation/simulation.types.js';

/** A simulation that runs for months keeps the newest. */
const MOST = 500;

/** What was wrong and whom it harmed, in seconds from the start; null: has not happened. */
export interface GroundTruthRecord {
  readonly faults: readonly {
    readonly name: string;
    readonly kind: string;
    readonly where: string;
    readonly from: number;
    readonly to: number | null;
    readonly harmedAt: number | null;
    readonly recoveredAt: number | null;
  }[];
  readonly planned: readonly {
    readonly name: string;
    readonly kind: string;
    readonly where: string;
    readonly from: number;
  }[];
  readonly harms: readonly {
    readonly slo: string;
    readonly from: number;
    readonly to: number | null;
    readonly bad: number;
    readonly total: number;
  }[];
}

export function groundTruthOf({ state }: Simulation): GroundTruthRecord {
  const { faults, slos } = state.account;
  return {
    faults: faults.slice(-MOST).map(({ name, kind, where, from, to, harmedAt, recoveredAt }) => ({
      name,
      kind,
      where,
      from,
      to: happened(to),
      harmedAt: happened(harmedAt),
      recoveredAt: happened(recoveredAt),
    })),
    planned: state.timeline.faults
      .filter(({ at }) => at >= state.step)
      .map(({ name, kind, target, at }) => ({ name, kind, where: describeTarget(kind, target), from: at })),
    harms: slos
      .flatMap(({ name, harms }) =>
        harms.map(({ from, to, bad, total }) => ({
          slo: name,
          from,
          to: happened(to),
          // Whole numbers, so that a stretch that is over reads the same ever after.
          bad: Math.round(bad),
          total: Math.round(total),
        })),
      )
      .toSorted((a, b) => a.from - b.from)
      .slice(-MOST),
  };
}

function happened(step: number): number | null {
  return step >= 0 ? step : null;
}
