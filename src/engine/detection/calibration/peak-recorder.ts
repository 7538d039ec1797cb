import type { EpochMs } from '../../../kernel/clock.js';
import type { Detector, DetectorBatch, DetectorUpdate, GraphRunner } from '../detector.js';
import { MEASURED_CHANNELS, ENSEMBLE_CHANNELS } from '../ensemble/channels.js';
import { ChannelEnsemble } from '../ensemble/channel-ensemble.js';
import { DEFAULT_ENSEMBLE_SETTINGS } from '../ensemble/ensemble-settings.js';
import type { EnsembleState } from '../ensemble/ensemble-state.js';
import { BOUNDARY, STATISTIC } from '../ensemble/state-layout.js';

/** Peaks below this raw score are of no use: no boundary will ever be so low. */
const RECORDED_FROM = 0.3;
/** Points without a peak after which a new one begins: what comes sooner would be the same anomaly. */
const APART = 40;
/** What begins so soon after another peak has the same cause. */
const ONE_PAGE_MS = 600_000;
const WEEK_MS = 7 * 86_400_000;

interface Course {
  /** Raw score of the point before. */
  last: number;
  peak: number;
  /** When the stretch of the peak began. */
  at: EpochMs;
  quiet: number;
}

/**
 * An ensemble that notes how high the boundary would have to be for nothing to open: the peaks, over stretches apart,
 * of the lower of two raw scores in a row (two open an anomaly). For fitting the calibration on series that are calm.
 */
export class PeakRecorder implements Detector<EnsembleState> {
  readonly id = 'peak-recorder';
  readonly version = '1';
  readonly channels = ENSEMBLE_CHANNELS;
  private readonly ensemble = new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, boundary: RECORDED_FROM });
  private readonly courses = new WeakMap<EnsembleState, Course>();
  private readonly peaks: { readonly peak: number; readonly at: EpochMs }[] = [];
  private readonly open = new Set<Course>();
  private seriesMs = 0;

  /** @param from event time from which peaks are noted and time counts; before it the series are learned */
  constructor(private readonly from: EpochMs) {}

  /** Series times weeks that were watched since `from`. */
  get seriesWeeks(): number {
    return this.seriesMs / WEEK_MS;
  }

  /** Raw scores of all peaks since `from`; of those that began within ten minutes the highest: they are one page. */
  finish(): readonly number[] {
    for (const { peak, at } of this.open) this.peaks.push({ peak, at });
    this.open.clear();
    const joined: number[] = [];
    let last = -Infinity;
    for (const { peak, at } of this.peaks.sort((a, b) => a.at - b.at)) {
      if (at - last < ONE_PAGE_MS) joined.push(Math.max(joined.pop()!, peak));
      else joined.push(peak);
      last = at;
    }
    return joined;
  }

  createState(): EnsembleState {
    return this.ensemble.createState();
  }

  async update(batch: DetectorBatch<EnsembleState>, run: GraphRunner): Promise<DetectorUpdate> {
    const update = await this.ensemble.update(batch, run);
    if (batch.time < this.from) return update;
    this.seriesMs += batch.states.length * (batch.stepMs ?? 15_000);
    for (let i = 0; i < batch.states.length; i += 1) this.note(batch.states[i]!, update, i, batch.time);
    return update;
  }

  interrupt(state: EnsembleState): void {
    this.ensemble.interrupt(state);
  }

  serialise(state: EnsembleState): Uint8Array {
    return this.ensemble.serialise(state);
  }

  restore(bytes: Uint8Array): EnsembleState {
    return this.ensemble.restore(bytes);
  }

  private note(state: EnsembleState, update: DetectorUpdate, i: number, time: EpochMs): void {
    const score = update.score[i]!;
    if (Number.isNaN(score)) return;
    let course = this.courses.get(state);
    if (!course) {
      if (score <= 1) return;
      course = { last: 0, peak: 0, at: 0, quiet: 0 };
      this.courses.set(state, course);
    }
    const raw = score > 1 ? rawScore(state, update, i) : 0;
    const both = Math.min(raw, course.last);
    course.last = raw;
    if (both > 0) {
      if (course.peak === 0) course.at = time;
      course.peak = Math.max(course.peak, both);
      course.quiet = 0;
      this.open.add(course);
      return;
    }
    if (course.peak === 0) return;
    course.quiet += 1;
    if (course.quiet < APART) return;
    this.peaks.push({ peak: course.peak, at: course.at });
    this.open.delete(course);
    course.peak = 0;
  }
}

/** Of the channels that would open: statistic over its boundary, without the bounds that deviations in units set. */
function rawScore({ numbers }: EnsembleState, { contributions }: DetectorUpdate, i: number): number {
  let raw = 0;
  for (let channel = 0; channel < MEASURED_CHANNELS; channel += 1) {
    if (!(contributions[ENSEMBLE_CHANNELS[channel]!]![i]! > 1)) continue;
    raw = Math.max(raw, numbers[STATISTIC + channel]! / numbers[BOUNDARY + channel]!);
  }
  return raw;
}
