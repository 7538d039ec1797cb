import type { TrackerState } from '../anomaly-tracker.js';
import { CALM } from '../anomaly-tracker.js';
import { UnknownStateVersionError } from '../detector.js';
import { createWindowMemory } from '../learned/window-memory.js';
import { createEnsembleState, ENSEMBLE_STATE_VERSION, type EnsembleState } from './ensemble-state.js';

/** Version, next place of the ring, length of the tracker's text, and of a memory 1 + count, next, waited; four bytes each. */
const HEAD = 24;

/** Little endian: head, numbers as float64, profile and ring as float32, tracker as JSON (empty: calm). */
export function serialiseEnsemble(state: EnsembleState): Uint8Array {
  const tracker = new TextEncoder().encode(state.tracker === CALM ? '' : JSON.stringify(state.tracker));
  const arrays = arraysOf(state);
  const length = arrays.reduce((sum, array) => sum + array.byteLength, HEAD + tracker.length);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, ENSEMBLE_STATE_VERSION, true);
  view.setUint32(4, state.ring.next, true);
  view.setUint32(8, tracker.length, true);
  if (state.memory) {
    view.setUint32(12, 1 + state.memory.count, true);
    view.setUint32(16, state.memory.next, true);
    view.setUint32(20, state.memory.waited, true);
  }
  let at = HEAD;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  bytes.set(tracker, at);
  return bytes;
}

/** @throws UnknownStateVersionError on bytes of another version, or that are no state at all */
export function restoreEnsemble(detector: string, bytes: Uint8Array, withMemory: boolean): EnsembleState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes.length < HEAD ? undefined : view.getUint32(0, true);
  if (version !== ENSEMBLE_STATE_VERSION) throw new UnknownStateVersionError(detector, version);
  const stored = view.getUint32(12, true);
  let state = createEnsembleState(stored > 0);
  const arrays = arraysOf(state);
  const fixed = arrays.reduce((sum, array) => sum + array.byteLength, HEAD);
  if (bytes.length !== fixed + view.getUint32(8, true)) throw new UnknownStateVersionError(detector, version);
  state.ring.next = view.getUint32(4, true) % state.ring.values.length;
  let at = HEAD;
  for (const array of arrays) {
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(bytes.subarray(at, at + array.byteLength));
    at += array.byteLength;
  }
  const text = new TextDecoder().decode(bytes.subarray(at));
  if (text !== '') state.tracker = JSON.parse(text) as TrackerState;
  if (state.memory) {
    state.memory.count = stored - 1;
    state.memory.next = view.getUint32(16, true);
    state.memory.waited = view.getUint32(20, true);
  }
  if ((state.memory !== null) !== withMemory) state = { ...state, memory: withMemory ? createWindowMemory() : null };
  return state;
}

function arraysOf(state: EnsembleState): readonly (Float64Array | Float32Array | Uint32Array)[] {
  const { numbers, profile, ring, novelty, surprise, memory } = state;
  const arrays = [
    numbers,
    profile,
    ring.values,
    novelty.seen,
    novelty.window,
    novelty.counts,
    surprise.seen,
    surprise.peaks,
    surprise.counts,
  ];
  return memory ? [...arrays, memory.rows] : arrays;
}
