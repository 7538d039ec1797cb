import type { EpochMs } from '../../kernel/clock.js';
import type { Trace } from '../watch/trace.js';
import type { Estimate } from './statistics/intervals.js';

/** A stretch of time in which something is known to have been wrong. */
export interface LabelledStretch {
  /** Unique in its run. */
  readonly id: string;
  /** What was wrong, in a word: a kind of fault, `incident`, `label`. Scores are also given by kind. */
  readonly kind: string;
  /** In words: `service checkout`. */
  readonly where: string;
  readonly from: EpochMs;
  /** Exclusive. */
  readonly to: EpochMs;
  /** When users were first harmed; null: nobody was. Where nobody knows (labels), the same as `from`. */
  readonly harmedAt: EpochMs | null;
  /** Services on which it can show; null: any. */
  readonly services: readonly string[] | null;
  /** Alone in a future of its own, in which only this stretch happened; null: in the run itself. */
  readonly branch: string | null;
}

/** Something that a detector or a rule said. */
export interface Detection {
  /** When it was known: a page would go out. */
  readonly at: EpochMs;
  /** Null: it was still open at the end. */
  readonly endedAt: EpochMs | null;
  /** What it is about; null: nothing that can be named, which matches every stretch. */
  readonly service: string | null;
  /** The series, or the labels of an alert. */
  readonly subject: string;
  /** Channel, or name of the rule. */
  readonly reason: string;
  readonly branch: string | null;
  /** The series around it, where somebody kept it. */
  readonly trace: Trace | null;
}

/** What came closest to a detection of a stretch that was missed. */
export interface NearMiss {
  readonly subject: string;
  /** Highest score in the stretch; 1 would have been a point of an anomaly. */
  readonly score: number;
  readonly trace: Trace;
}

/** One run under the eyes of one detector or configuration. */
export interface ScoredRun {
  readonly detector: string;
  /** Scenario and seed, or name of the file. */
  readonly run: string;
  /** What is counted: from the end of the warm-up to the end of the run. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Milliseconds between two scrapes. */
  readonly intervalMs: number;
  /** Sum over watched series of the milliseconds in which they were watched, outside of stretches and branches. */
  readonly calmSeriesMs: number;
  /** Milliseconds outside of stretches and branches. */
  readonly calmMs: number;
  readonly stretches: readonly LabelledStretch[];
  /** Anomalies of single series, or alerts. */
  readonly anomalies: readonly Detection[];
  /** What pages: groups of anomalies, or of alerts. */
  readonly pages: readonly Detection[];
  /** By id of the stretch. */
  readonly nearMisses: Readonly<Record<string, readonly NearMiss[]>>;
}

export interface ScoreRules {
  /** A detection counts until so long after the end of a stretch, milliseconds. */
  readonly graceMs: number;
  /** A detection is in time until so many scrapes after the first harm. */
  readonly inTimeScrapes: number;
}

export const DEFAULT_SCORE_RULES: ScoreRules = { graceMs: 600_000, inTimeScrapes: 3 };

export const SCORE_CARD_VERSION = 1;

/** Plain JSON. */
export interface ScoreCard {
  readonly version: typeof SCORE_CARD_VERSION;
  readonly rules: ScoreRules;
  readonly runs: readonly string[];
  readonly detectors: readonly DetectorScore[];
}

export interface DetectorScore {
  readonly detector: string;
  readonly all: StretchScore;
  readonly byKind: readonly StretchScore[];
  /**
   * Share of the harmful stretches that would be found in time by somebody who pages at random times as often as this
   * detector does on calm days: recall that is not above it means nothing. Null: nothing harmful, or no calm time.
   */
  readonly inTimeByChance: number | null;
  readonly pages: PageScore;
  readonly calm: CalmScore;
  readonly misses: readonly Miss[];
  readonly falseAlarms: readonly FalseAlarm[];
  /** False alarms beyond those that are listed. */
  readonly moreFalseAlarms: number;
}

export interface StretchScore {
  /** `all`, or a kind. */
  readonly kind: string;
  readonly stretches: number;
  readonly found: number;
  readonly recall: Estimate;
  /** Those that harmed users, and what of them was found in time. */
  readonly harmful: number;
  readonly inTime: number;
  readonly recallInTime: Estimate;
  /** From the start of the stretch to the first detection. Stretches that were missed count as infinite. */
  readonly fromStart: Delay;
  /** From the first harm; negative: it was known before. Harmful stretches only. */
  readonly fromHarm: Delay;
}

/** Medians. */
export interface Delay {
  readonly seconds: Estimate;
  readonly scrapes: Estimate;
}

export interface PageScore {
  readonly count: number;
  readonly true: number;
  readonly false: number;
  readonly precision: Estimate;
  /** All pages of the runs themselves (not of branches), for the whole fleet. */
  readonly perWeek: Estimate;
}

/** What it says while nothing is wrong. */
export interface CalmScore {
  readonly weeks: number;
  /** Series times weeks, in thousands. */
  readonly thousandSeriesWeeks: number;
  readonly anomalies: number;
  readonly pages: number;
  /** Per 1,000 series and week. */
  readonly anomalyRate: Estimate;
  readonly pageRate: Estimate;
  readonly pagesPerWeek: Estimate;
}

export interface Miss {
  readonly run: string;
  readonly stretch: LabelledStretch;
  /** Never found, or later than the rules allow. */
  readonly late: boolean;
  readonly secondsFromHarm: number | null;
  /** The first detection of one that is late. */
  readonly first: Detection | null;
  readonly nearest: readonly NearMiss[];
}

export interface FalseAlarm {
  readonly run: string;
  readonly detection: Detection;
}
