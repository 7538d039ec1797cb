import {
  CALM,
  DEFAULT_TRACKER_SETTINGS,
  trackPoint,
  type TrackerSettings,
  type TrackerState,
} from '../anomaly-tracker.js';
import {
  UnknownStateVersionError,
  type Detector,
  type DetectorBatch,
  type DetectorState,
  type DetectorTransition,
  type DetectorUpdate,
} from '../detector.js';
import { POINTS, type BaselineOutcome, type BaselineScorer } from './baseline-scorer.js';

const STATE_VERSION = 1;
/** Version, length of the tracker's text. */
const HEAD = 8;

export interface BaselineState extends DetectorState {
  readonly version: number;
  tracker: TrackerState;
  readonly memory: Float64Array;
}

/** A baseline emits at single points, so one opens an anomaly. */
const TRACKER: TrackerSettings = { ...DEFAULT_TRACKER_SETTINGS, openAfter: 1 };

/** Makes a detector of a simple method, to be run and judged like any other. It has no knobs but `sensitivity`. */
export class BaselineDetector implements Detector<BaselineState> {
  readonly id: string;
  readonly version: string;
  readonly channels: readonly string[];
  private readonly outcome: BaselineOutcome = { score: NaN, yhat: NaN, reach: NaN };

  constructor(private readonly scorer: BaselineScorer) {
    this.id = scorer.id;
    this.version = scorer.version;
    this.channels = [scorer.channel];
  }

  createState(): BaselineState {
    return { version: STATE_VERSION, tracker: CALM, memory: new Float64Array(this.scorer.memoryLength) };
  }

  update(batch: DetectorBatch<BaselineState>): Promise<DetectorUpdate> {
    const { states, values, time } = batch;
    const { outcome, scorer } = this;
    const column = () => new Float64Array(states.length).fill(NaN);
    const [score, yhat, yhatLower, yhatUpper] = [column(), column(), column(), column()];
    const missingPoints = new Uint32Array(states.length);
    const transitions: DetectorTransition[] = [];
    for (let i = 0; i < states.length; i += 1) {
      const state = states[i]!;
      const value = values[i]!;
      if (value - value === 0) {
        scorer.advance(state.memory, value, outcome);
        if (outcome.score === outcome.score) {
          score[i] = outcome.score;
          yhat[i] = outcome.yhat;
          yhatLower[i] = outcome.yhat - outcome.reach;
          yhatUpper[i] = outcome.yhat + outcome.reach;
        }
      }
      missingPoints[i] = Math.max(0, scorer.minimumPoints - state.memory[POINTS]!);
      if (!(score[i]! >= 0) || batch.suppressed?.[i]) continue;
      const point = {
        at: time,
        score: score[i]!,
        value,
        yhat: yhat[i]!,
        yhatLower: yhatLower[i]!,
        yhatUpper: yhatUpper[i]!,
      };
      const step = trackPoint(state.tracker, point, TRACKER);
      state.tracker = step.state;
      if (step.event.kind !== 'none') transitions.push({ index: i, event: step.event });
    }
    const contributions = { [scorer.channel]: score };
    return Promise.resolve({ score, yhat, yhatLower, yhatUpper, contributions, missingPoints, transitions });
  }

  interrupt(state: BaselineState): void {
    state.tracker = CALM;
  }

  serialise(state: BaselineState): Uint8Array {
    const tracker = new TextEncoder().encode(JSON.stringify(state.tracker));
    const { buffer, byteOffset, byteLength } = state.memory;
    const bytes = new Uint8Array(HEAD + byteLength + tracker.length);
    new DataView(bytes.buffer).setUint32(0, STATE_VERSION, true);
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), HEAD);
    bytes.set(tracker, HEAD + byteLength);
    return bytes;
  }

  restore(bytes: Uint8Array): BaselineState {
    const version = bytes.length < HEAD ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const memory = new Float64Array(this.scorer.memoryLength);
    const end = HEAD + memory.byteLength;
    if (version !== STATE_VERSION || bytes.length < end) throw new UnknownStateVersionError(this.id, version);
    new Uint8Array(memory.buffer).set(bytes.subarray(HEAD, end));
    const tracker = JSON.parse(new TextDecoder().decode(bytes.subarray(end))) as TrackerState;
    return { version: STATE_VERSION, tracker, memory };
  }
}
