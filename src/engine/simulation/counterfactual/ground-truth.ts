import { AFTERMATH } from '../account/account-faults.js';
import type { Simulation } from '../simulation.types.js';
import type { ScrapeFrame, TelemetrySink } from '../telemetry/telemetry.types.js';
import { createDeviations, findOnsets, type Onset } from './compare-frames.js';
import type { FaultTruth, Follower, GroundTruth, TouchedSeries } from './ground-truth.types.js';
import { copyFrame, pairBySlot, updatePairs, withRoom } from './paired-series.js';

/** Series that are kept of each fault: the first. */
export const MAX_TOUCHED = 20;

/** Of one metric family at most so many, and so many that only appeared or went: twenty of one pod would say one thing. */
const MAX_OF_FAMILY = 2;
const MAX_CAME_OR_WENT = 10;

/** Seconds after the start of a fault in which its first effects are looked for, unless it ends sooner. */
export const FOLLOW_SECONDS = 3600;

/** Scrapes before the fault in which the usual change of each series is learned. */
const LEAD_SCRAPES = 10;

/** Runs beside the run at once; each costs as much time as the run itself while it lasts. */
const MAX_FOLLOWING = 4;

export type Step = (simulation: Simulation, sink?: TelemetrySink) => void;

export function createGroundTruth(): GroundTruth {
  return { faults: [], following: [], run: { series: [], values: new Float64Array(0) } };
}

/**
 * Makes a step of a run and finds out which series each fault touches first: shortly before a fault begins the run is
 * copied, the copy goes on in step with it without that one fault (same seed, all else alike), and their scrapes are
 * compared. A copy ends when enough was found, an hour after the fault began, or ten minutes after it ended; so the cost
 * is that of minutes to an hour of simulation per fault, whatever the length of the run.
 *
 * Telemetry goes to `sink` as without this.
 */
export function stepWithGroundTruth(simulation: Simulation, truth: GroundTruth, step: Step, sink: TelemetrySink): void {
  followComingFaults(simulation, truth);
  for (const follower of truth.following) {
    step(follower.twin, { scrape: (frame) => void follower.frames.push(copyFrame(frame)) });
  }
  step(simulation, {
    ...bound(sink),
    scrape: (frame) => {
      compareScrapes(simulation, truth, frame);
      sink.scrape?.(frame);
    },
  });
  truth.following = truth.following.filter((follower) => goesOn(follower, simulation.state.step));
}

function bound(sink: TelemetrySink): TelemetrySink {
  return {
    ...(sink.log && { log: (record) => sink.log?.(record) }),
    ...(sink.event && { event: (record) => sink.event?.(record) }),
    ...(sink.deploy && { deploy: (record) => sink.deploy?.(record) }),
  };
}

function followComingFaults({ fleet, state }: Simulation, truth: GroundTruth): void {
  const lead = LEAD_SCRAPES * fleet.scenario.telemetry.scrapeInterval;
  for (const { name, at, duration } of state.timeline.faults) {
    if (state.step < at - lead || truth.faults.some((fault) => fault.name === name)) continue;
    if (state.timeline.active.some(({ spec }) => spec.name === name)) continue;
    const full = truth.following.length >= MAX_FOLLOWING;
    const reason = full ? `${MAX_FOLLOWING} other faults were followed at the time` : null;
    const found: FaultTruth = { name, followed: 0, touched: [], reason };
    truth.faults.push(found);
    if (!full) truth.following.push(follow({ fleet, state }, truth, found, at, duration));
  }
}

function follow(
  { fleet, state }: Simulation,
  { run }: GroundTruth,
  truth: FaultTruth,
  at: number,
  duration: number,
): Follower {
  const from = Math.ceil(at);
  const copy = structuredClone(state);
  const without = copy.timeline.faults.findIndex(({ name }) => name === truth.name);
  copy.timeline.faults.splice(without, 1);
  return {
    truth,
    from,
    until: from + Math.min(FOLLOW_SECONDS, duration + AFTERMATH),
    twin: { fleet, state: copy },
    ofRun: pairBySlot(run),
    ofTwin: pairBySlot(run),
    frames: [],
    deviations: createDeviations(run.series.length),
  };
}

function compareScrapes({ fleet, state }: Simulation, truth: GroundTruth, frame: ScrapeFrame): void {
  if (truth.following.length === 0) return rememberRun(truth, frame);
  const now = copyFrame(frame);
  const at = (frame.time - fleet.scenario.start) / 1000;
  for (const follower of truth.following) {
    const { ofRun, ofTwin } = follower;
    const twin = follower.frames.shift();
    if (twin === undefined) continue;
    updatePairs(ofRun, now, ofTwin, twin);
    const onsets = findOnsets(follower, now, twin, at, fleet.scenario.telemetry.scrapeInterval);
    if (state.step >= follower.from) choose(follower.truth.touched, onsets);
    ofRun.values.set(now.values);
    ofTwin.values.set(twin.values);
  }
  rememberRun(truth, frame);
}

function rememberRun({ run }: GroundTruth, frame: ScrapeFrame): void {
  if (frame.ended.length + frame.started.length > 0 || run.series.length !== frame.series.length) {
    run.series = frame.series.slice();
  }
  run.values = withRoom(run.values, frame.series.length, NaN);
  run.values.set(frame.values.subarray(0, frame.series.length));
}

/** The strongest first; those that came or went and are alike in strength by name, to be the same in every run. */
function choose(touched: TouchedSeries[], onsets: Onset[]): void {
  onsets.sort((a, b) => a.touched.at - b.touched.at || compareNumbers(b.strength, a.strength) || byFamily(a, b));
  for (const { touched: series } of onsets) {
    if (touched.length === MAX_TOUCHED) break;
    const ofFamily = touched.filter(({ family }) => family === series.family).length;
    if (ofFamily >= MAX_OF_FAMILY) continue;
    if (cameOrWent(series) && touched.filter(cameOrWent).length >= MAX_CAME_OR_WENT) continue;
    touched.push(series);
  }
  touched.sort((a, b) => a.at - b.at);
}

function cameOrWent({ value, without }: TouchedSeries): boolean {
  return value === null || without === null;
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function byFamily(a: Onset, b: Onset): number {
  return a.touched.family === b.touched.family ? 0 : a.touched.family < b.touched.family ? -1 : 1;
}

function goesOn({ truth, from, until }: Follower, step: number): boolean {
  truth.followed = Math.max(0, step - from);
  return truth.touched.length < MAX_TOUCHED && step < until;
}
