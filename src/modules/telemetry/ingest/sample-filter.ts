import type { SampleBatch } from '../../../kernel/time-series.js';
import { REFUSED_SERIES } from '../remote-write/decoded-write.js';

export interface AcceptedSamples {
  readonly batch: SampleBatch;
  /** Epoch milliseconds of the first and the last accepted sample; meaningless where the batch is empty. */
  readonly minTime: number;
  readonly maxTime: number;
  readonly tooOld: number;
  readonly inFuture: number;
  /** Samples of new series beyond the environment's limit (id -1). */
  readonly refused: number;
  /** Samples of series whose labels cannot be stored (`REFUSED_SERIES`). */
  readonly unstorable: number;
}

/** Keeps samples of accepted series with oldest <= time <= newest. The batch itself where all are kept. */
export function filterSamples(batch: SampleBatch, oldest: number, newest: number): AcceptedSamples {
  const { seriesIds, times } = batch;
  let minTime = Number.POSITIVE_INFINITY;
  let maxTime = Number.NEGATIVE_INFINITY;
  let tooOld = 0;
  let inFuture = 0;
  let refused = 0;
  let unstorable = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    if (seriesIds[i]! === REFUSED_SERIES) unstorable++;
    else if (seriesIds[i]! < 0) refused++;
    else if (time > newest) inFuture++;
    else if (!(time >= oldest)) tooOld++;
    else {
      if (time < minTime) minTime = time;
      if (time > maxTime) maxTime = time;
    }
  }
  const dropped = tooOld + inFuture + refused + unstorable;
  const kept = dropped === 0 ? batch : select(batch, times.length - dropped, oldest, newest);
  return { batch: kept, minTime, maxTime, tooOld, inFuture, refused, unstorable };
}

function select(
  { seriesIds, times, values }: SampleBatch,
  length: number,
  oldest: number,
  newest: number,
): SampleBatch {
  const kept = { seriesIds: new Int32Array(length), times: new Float64Array(length), values: new Float64Array(length) };
  let at = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    if (seriesIds[i]! < 0 || !(time >= oldest && time <= newest)) continue;
    kept.seriesIds[at] = seriesIds[i]!;
    kept.times[at] = time;
    kept.values[at++] = values[i]!;
  }
  return kept;
}
