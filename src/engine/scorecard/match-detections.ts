import type { EpochMs } from '../../kernel/clock.js';
import type { Detection, LabelledStretch, ScoredRun, ScoreRules } from './score-card.types.js';

/**
 * Whether a detection counts for a stretch: it opened between the start of the stretch and its end plus the grace, on a
 * service that the stretch touches, in the same branch of the run. One that was open before does not count, and is no
 * false alarm of this stretch either.
 */
export function matches(stretch: LabelledStretch, detection: Detection, { graceMs }: ScoreRules): boolean {
  const { from, to, services, branch } = stretch;
  if (branch !== detection.branch || detection.at < from || detection.at > to + graceMs) return false;
  return services === null || detection.service === null || services.includes(detection.service);
}

export interface StretchOutcome {
  readonly run: ScoredRun;
  readonly stretch: LabelledStretch;
  /** The earliest that counts. */
  readonly first: Detection | null;
}

/** The first detection of every stretch that lies in what is counted of the run. */
export function outcomesOf(run: ScoredRun, rules: ScoreRules): readonly StretchOutcome[] {
  return run.stretches
    .filter((stretch) => stretch.to > run.from && stretch.from < run.to)
    .map((stretch) => ({ run, stretch, first: firstOf(run.anomalies, stretch, rules) }));
}

export interface JudgedDetections {
  readonly true: readonly Detection[];
  readonly false: readonly Detection[];
}

/** Those that count for any stretch, and false alarms: all others that opened in what is counted of the run. */
export function judgeDetections(run: ScoredRun, detections: readonly Detection[], rules: ScoreRules): JudgedDetections {
  const counted = detections.filter(({ at, branch }) => branch !== null || (at >= run.from && at < run.to));
  const isTrue = (detection: Detection) => run.stretches.some((stretch) => matches(stretch, detection, rules));
  return { true: counted.filter(isTrue), false: counted.filter((detection) => !isTrue(detection)) };
}

/** Milliseconds of [from, to) that lie in no stretch of the run itself, its grace included. */
export function calmTime(
  from: EpochMs,
  to: EpochMs,
  stretches: readonly LabelledStretch[],
  { graceMs }: ScoreRules,
): number {
  const busy = stretches
    .filter(({ branch }) => branch === null)
    .map((stretch) => ({ from: Math.max(from, stretch.from), to: Math.min(to, stretch.to + graceMs) }))
    .filter((stretch) => stretch.to > stretch.from)
    .sort((a, b) => a.from - b.from);
  let calm = to - from;
  let end = from;
  for (const stretch of busy) {
    calm -= Math.max(0, stretch.to - Math.max(stretch.from, end));
    end = Math.max(end, stretch.to);
  }
  return calm;
}

function firstOf(detections: readonly Detection[], stretch: LabelledStretch, rules: ScoreRules): Detection | null {
  let first: Detection | null = null;
  for (const detection of detections) {
    if (first !== null && detection.at >= first.at) continue;
    if (matches(stretch, detection, rules)) first = detection;
  }
  return first;
}
