import type { TrackerState } from '../anomaly-tracker.js';
import { CALM } from '../anomaly-tracker.js';
import { UnknownStateVersionError } from '../detector.js';
import { createWindowMemory } from '../learned/window-memory.js';
import { createSurpriseState } from '../novelty/surprise.js';
import { createEnsembleState, ENSEMBLE_STATE_VERSION, type EnsembleState } from './ensemble-state.js';

/** Two bytes version, one each for the next place of the ring and for what else is there, four for the tracker's length. */
const HEAD = 8;
const HAS_MEMORY = 1;
const HAS_SURPRISE = 2;
/** Of a memory: count, next, waited, four bytes each. */
const MEMORY_HEAD = 12;

/** Little endian: head, arrays, tracker as JSON (empty: calm). */
export function serialiseEnsemble(state: EnsembleState): Uint8Array {
  const tracker = new TextEncoder().encode(state.tracker === CALM ? '' : JSON.stringify(state.tracker));
  const bytes = new Uint8Array(fixedLength(state) + tracker.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, ENSEMBLE_STATE_VERSION, true);
  view.setUint8(2, state.ring.next);
  view.setUint8(3, (state.memory ? HAS_MEMORY : 0) + (state.surprise ? HAS_SURPRISE : 0));
  view.setUint32(4, tracker.length, true);
  let at = HEAD;
  if (state.memory) {
    view.setUint32(at, state.memory.count, true);
    view.setUint32(at + 4, state.memory.next, true);
    view.setUint32(at + 8, state.memory.waited, true);
    at += MEMORY_HEAD;
  }
  for (const array of arraysOf(state)) {
    bytes.set(bytesOf(array), at);
    at += array.byteLength;
  }
  bytes.set(tracker, at);
  return bytes;
}

/**
 * What the detector wants and the bytes lack begins anew; what it does not want is left out.
 *
 * @throws UnknownStateVersionError on bytes of another version, or that are no state at all
 */
export function restoreEnsemble(
  detector: string,
  bytes: Uint8Array,
  withMemory: boolean,
  withSurprise: boolean,
): EnsembleState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes.length < HEAD ? undefined : view.getUint16(0, true);
  if (version !== ENSEMBLE_STATE_VERSION) throw new UnknownStateVersionError(detector, version);
  const has = view.getUint8(3);
  const state = createEnsembleState((has & HAS_MEMORY) > 0, (has & HAS_SURPRISE) > 0);
  if (bytes.length !== fixedLength(state) + view.getUint32(4, true))
    throw new UnknownStateVersionError(detector, version);
  state.ring.next = view.getUint8(2) % state.ring.values.length;
  let at = HEAD;
  if (state.memory) {
    state.memory.count = view.getUint32(at, true);
    state.memory.next = view.getUint32(at + 4, true);
    state.memory.waited = view.getUint32(at + 8, true);
    at += MEMORY_HEAD;
  }
  for (const array of arraysOf(state)) {
    bytesOf(array).set(bytes.subarray(at, at + array.byteLength));
    at += array.byteLength;
  }
  const text = new TextDecoder().decode(bytes.subarray(at));
  if (text !== '') state.tracker = JSON.parse(text) as TrackerState;
  if ((state.memory !== null) === withMemory && (state.surprise !== null) === withSurprise) return state;
  return {
    ...state,
    memory: withMemory ? (state.memory ?? createWindowMemory()) : null,
    surprise: withSurprise ? (state.surprise ?? createSurpriseState()) : null,
  };
}

/** Bytes of everything but the tracker. */
function fixedLength(state: EnsembleState): number {
  return arraysOf(state).reduce((sum, array) => sum + array.byteLength, HEAD + (state.memory ? MEMORY_HEAD : 0));
}

type StateArray = Float64Array | Float32Array | Uint32Array;

function arraysOf({ numbers, floats, ring, surprise, memory }: EnsembleState): readonly StateArray[] {
  const arrays: StateArray[] = [numbers, floats, ring.values];
  if (surprise) arrays.push(surprise.seen, surprise.peaks, surprise.counts);
  if (memory) arrays.push(memory.rows);
  return arrays;
}

function bytesOf(array: StateArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
