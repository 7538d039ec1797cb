import type { SimulationRow } from '../data/simulation.rows.js';

/** Behind by more than this much wall time, a simulation that does not catch up goes on from where it is. */
const PATIENCE_MS = 10_000;

export type Pace = Pick<
  SimulationRow,
  'state' | 'step' | 'stepUntil' | 'historySteps' | 'catchUp' | 'speed' | 'startedAt' | 'pacedStep' | 'pacedAt'
>;

export interface Due {
  /** Where the simulation should be now; at least where it is. */
  readonly step: number;
  /** Set where the pace has to be counted anew from here. */
  readonly pacedFromHere: boolean;
}

/**
 * How far a simulation should be. History and single steps are made as fast as they can be. At speed 1 with `catchUp`
 * event time follows our clock, whatever happened meanwhile; where it is ahead of it, having gone faster before, it
 * goes on beside it. Otherwise time that was missed is not made up for.
 *
 * @param now epoch milliseconds
 */
export function dueStep(pace: Pace, now: number): Due {
  const { state, step } = pace;
  if (state === 'failed') return { step, pacedFromHere: false };
  if (state === 'paused') return { step: Math.max(step, pace.stepUntil), pacedFromHere: false };
  if (pace.catchUp && pace.speed === 1) {
    const present = Math.floor((now - pace.startedAt.getTime()) / 1000);
    return { step: Math.max(step, present, pacedSteps(pace, now)), pacedFromHere: false };
  }
  if (step < pace.historySteps) return { step: pace.historySteps, pacedFromHere: false };
  const wanted = pacedSteps(pace, now);
  const behind = wanted - step > (PATIENCE_MS / 1000) * pace.speed + 1;
  // A history that has just ended was not paced.
  if (behind || pace.pacedStep < pace.historySteps) return { step, pacedFromHere: true };
  return { step: Math.max(step, wanted), pacedFromHere: false };
}

/** Where `speed` alone would have brought it since it was last set. */
function pacedSteps({ pacedStep, pacedAt, speed }: Pace, now: number): number {
  return pacedStep + Math.floor(((now - pacedAt.getTime()) / 1000) * speed);
}

/** Behind by more than this many simulated seconds at speed 1, it does not follow the clock. */
const MOST_BEHIND = 60;

/**
 * Whether event time passes as the clock does: what it says now is true now. Not so while it is paused or failed, makes
 * its history, has lost its worker, or goes at another speed.
 */
export function isLive(pace: Pace, now: number): boolean {
  if (pace.state !== 'running' || pace.speed !== 1) return false;
  const due = dueStep(pace, now);
  return !due.pacedFromHere && due.step - pace.step <= MOST_BEHIND;
}
