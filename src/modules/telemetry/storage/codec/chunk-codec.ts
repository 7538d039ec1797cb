import type { SampleWindow } from '../../../../kernel/time-series.js';

/**
 * Packs samples [from, to) of one series. Lossless for every float64 bit pattern and every integer time; times need
 * not ascend, but ascending ones pack best.
 */
export function encodeChunk(times: Float64Array, values: Float64Array, from = 0, to = times.length): Buffer {
  throw new Error(`not ready: ${times.length} ${values.length} ${from} ${to}`);
}

/** @throws CorruptTelemetryError */
export function decodeChunk(chunk: Uint8Array): SampleWindow {
  throw new Error(`not ready: ${chunk.length}`);
}

/** Samples in a chunk, from its header alone. @throws CorruptTelemetryError */
export function chunkSampleCount(chunk: Uint8Array): number {
  throw new Error(`not ready: ${chunk.length}`);
}
