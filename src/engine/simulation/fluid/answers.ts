import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { RARE, UNCOMMON } from './attempts.js';
import { normalise } from './calls.js';
import { rowChance, rowTime } from './drift.js';
import { convolve } from './convolve.js';
import { addDelayed, addScaled, clear, copy, fillBuckets, meanOf, NODES, put } from './grid.js';
import type { FluidStep } from './routing.js';
import { failingShare } from './rows.js';
import { describeStages, type StagesTime } from './stages.js';
import { putWait } from './wait-shapes.js';

const wait = new Float64Array(NODES);
const scaled = new Float64Array(NODES);
const worked = new Float64Array(NODES);
const answered = new Float64Array(NODES);
const finished = new Float64Array(NODES);

/** How an operation answers now: what its callers and its own histograms see. Its callees come first. */
export function describeAnswers(step: FluidStep, operation: number): void {
  const { network, plan, state } = step;
  const stages = describeStages(step, operation, 0);
  state.stagesOk[operation] = stages.ok;
  state.stagesTimedOut[operation] = stages.timedOut;
  state.stagesMean[operation] = stages.ok * meanOf(stages.passing, 0) + (1 - stages.ok) * stages.failedSeconds;
  const first = plan.operationStation[operation]! * CELLS_PER_STATION;
  const at = operation * NODES;
  clear(state.answer, at);
  let ok = 0;
  let refused = 0;
  let failed = 0;
  let failedSeconds = 0;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
    const row = cell * network.operationStride + plan.operationPosition[operation]!;
    const share = state.taken[row]!;
    // All cells at first, so that one that begins to serve has something to go by.
    if (!(share > 0) && !(state.servers[cell]! > 0) && state.rowTime[row]! >= 0) continue;
    describeRow(step, cell, row, operation, stages);
    const accepted = share * (1 - state.refused[row]!);
    const failing = failingShare(step, cell, operation);
    const lost = (1 - failing) * (1 - stages.ok);
    refused += share * state.refused[row]!;
    ok += accepted * (1 - failing) * stages.ok;
    failed += accepted * (failing + lost);
    failedSeconds += accepted * (failing + lost) * state.workedMean[row]! + accepted * lost * stages.failedSeconds;
    addScaled(state.answer, at, answered, 0, 1, accepted);
  }
  normalise(state.answer, at);
  state.answerOk[operation] = ok;
  state.answerRefused[operation] = refused;
  state.answerFailedMean[operation] = failed > 0 ? failedSeconds / failed : 0;
}

/** Leaves the distribution of successful answers in `answered`. */
function describeRow(step: FluidStep, cell: number, row: number, operation: number, stages: StagesTime): void {
  const { plan, parameters, state } = step;
  const { speed, workFactor } = parameters.cells;
  const contention = plan.contends[operation] === 1 ? state.contention[cell]! : 1;
  const factor = speed[cell]! > 0 ? (workFactor[cell]! / speed[cell]!) * contention : Infinity;
  let work = plan.workSpread;
  let workAt = operation * NODES;
  if (factor !== 1) {
    clear(scaled, 0);
    addScaled(scaled, 0, work, workAt, factor, 1);
    work = scaled;
    workAt = 0;
  }
  const share = state.waitMean[cell]! > 0 ? state.waitShare[cell]! : 0;
  if (share > RARE) {
    clear(wait, 0);
    wait[0] = 1 - share;
    putWait(wait, 0, state.waitMean[cell]!, state.waitScv[cell]!, share);
    convolve(worked, 0, wait, 0, work, workAt);
  } else copy(worked, 0, work, workAt);
  state.rowTime[row] = rowTime(step, cell, operation);
  state.rowChance[row] = rowChance(step, cell, row, operation);
  state.rowWait[row] = share > RARE ? share * state.waitMean[cell]! : 0;
  state.workedMean[row] = meanOf(worked, 0);
  fillBuckets(state.workedBuckets, row, worked, 0, plan.durationPositions);
  if (stages.passing[0] === 1) copy(answered, 0, worked, 0);
  else convolve(answered, 0, worked, 0, stages.passing, 0);
  copy(finished, 0, answered, 0);
  if (stages.ok < 1 - RARE) {
    clear(finished, 0);
    addScaled(finished, 0, answered, 0, 1, stages.ok);
    const lost = 1 - stages.ok;
    if (lost > UNCOMMON) addDelayed(finished, 0, worked, 0, stages.failedSeconds, lost);
    else put(finished, 0, state.workedMean[row]! + stages.failedSeconds, lost);
  }
  state.finishedMean[row] = meanOf(finished, 0);
  fillBuckets(state.finishedBuckets, row, finished, 0, plan.durationPositions);
}
