import { CALM, type TrackerState } from '../anomaly-tracker.js';
import { UnknownStateVersionError, type DetectorState } from '../detector.js';
import { createRobustScale, type RobustScale } from './robust-scale.js';
import { createWindowMemory, MEMORY_FLOATS, type WindowMemory } from './window-memory.js';
import { createWindowRing, WINDOW_MODEL, type WindowRing } from './window-model.js';

const STATE_VERSION = 1;

/** What a learned model alone needs to know of a series: 0.5 KiB, and 1 KiB more with a memory. */
export interface LearnedState extends DetectorState {
  tracker: TrackerState;
  readonly scale: RobustScale;
  readonly ring: WindowRing;
  /** Null for models that compare with nothing. */
  readonly memory: WindowMemory | null;
}

export function createLearnedState(withMemory: boolean): LearnedState {
  return {
    version: STATE_VERSION,
    tracker: CALM,
    scale: createRobustScale(),
    ring: createWindowRing(),
    memory: withMemory ? createWindowMemory() : null,
  };
}

interface Header {
  readonly version: number;
  readonly tracker: TrackerState;
  readonly scale: RobustScale;
  readonly next: number;
  readonly memory: Omit<WindowMemory, 'rows'> | null;
}

/** Length of the header (4 bytes, little endian), the header as JSON, then the ring and the memory as float32. */
export function serialiseLearnedState({ version, tracker, scale, ring, memory }: LearnedState): Uint8Array {
  const kept = memory && { count: memory.count, next: memory.next, waited: memory.waited };
  const header: Header = { version, tracker, scale, next: ring.next, memory: kept };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const floats = WINDOW_MODEL.points + (memory ? MEMORY_FLOATS : 0);
  const bytes = new Uint8Array(4 + text.length + floats * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, text.length, true);
  bytes.set(text, 4);
  const all = [ring.values, ...(memory ? [memory.rows] : [])];
  let at = 4 + text.length;
  for (const values of all) for (let i = 0; i < values.length; i += 1, at += 4) view.setFloat32(at, values[i]!, true);
  return bytes;
}

/** @throws UnknownStateVersionError where another version, or another detector, wrote the bytes */
export function restoreLearnedState(bytes: Uint8Array, detector: string, withMemory: boolean): LearnedState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = headerOf(bytes, view);
  const state = createLearnedState(withMemory);
  const floats = WINDOW_MODEL.points + (withMemory ? MEMORY_FLOATS : 0);
  const start = header ? 4 + view.getUint32(0, true) : 0;
  const fits = header && (header.memory !== null) === withMemory && bytes.byteLength === start + floats * 4;
  if (!fits || header.version !== STATE_VERSION) throw new UnknownStateVersionError(detector, header?.version);
  state.tracker = header.tracker;
  Object.assign(state.scale, header.scale);
  state.ring.next = header.next;
  if (state.memory) Object.assign(state.memory, header.memory);
  const all = [state.ring.values, ...(state.memory ? [state.memory.rows] : [])];
  let at = start;
  for (const values of all) for (let i = 0; i < values.length; i += 1, at += 4) values[i] = view.getFloat32(at, true);
  return state;
}

function headerOf(bytes: Uint8Array, view: DataView): Header | undefined {
  if (bytes.byteLength < 4 || view.getUint32(0, true) > bytes.byteLength - 4) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + view.getUint32(0, true)))) as Header;
  } catch {
    return undefined;
  }
}
