import type { SampleBatch } from '../../../../kernel/time-series.js';

/** One acknowledged request as one journal block: samples sorted by series id, then time, with a checksum. */
export function encodeBlock(batch: SampleBatch): Buffer {
  throw new Error(`not ready: ${batch.times.length}`);
}

/** Samples of a block, by series id, then time (equal times: in the order written). @throws CorruptTelemetryError */
export function decodeBlock(block: Uint8Array): SampleBatch {
  throw new Error(`not ready: ${block.length}`);
}

/**
 * Only the samples of these series, in block order, without decoding the others' values.
 *
 * @param seriesIds ascending
 * @throws CorruptTelemetryError
 */
export function findSeries(block: Uint8Array, seriesIds: Int32Array): SampleBatch {
  throw new Error(`not ready: ${block.length} ${seriesIds.length}`);
}
