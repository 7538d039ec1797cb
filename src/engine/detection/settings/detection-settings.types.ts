import type { EpochMs } from '../../../kernel/clock.js';
import type { Direction, SeriesSettings } from '../detector.js';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Local wall-clock hours on some days of the week. Where `to` is not after `from` they reach into the next day. */
export interface WeeklyHours {
  /** IANA name: `Europe/Berlin`. */
  readonly timeZone: string;
  readonly weekdays: readonly Weekday[];
  /** `HH:MM`, inclusive. */
  readonly from: string;
  /** `HH:MM`, exclusive; `24:00` is the end of the day. */
  readonly to: string;
}

export interface OneOffWindow {
  readonly kind: 'once';
  /** ISO 8601, inclusive. */
  readonly from: string;
  /** ISO 8601, exclusive. */
  readonly to: string;
  readonly reason: string;
}

export interface RecurringWindow extends WeeklyHours {
  readonly kind: 'weekly';
  readonly reason: string;
}

export type MaintenanceWindow = OneOffWindow | RecurringWindow;

/**
 * What is said about the series that a selector matches. For each setting the first matching rule that states it
 * decides; maintenance windows of all matching rules apply.
 */
export interface SettingsRule {
  readonly name: string;
  /** Prometheus series selector: `http_requests_total{job="shop"}`. Empty: every series. */
  readonly match: string;
  readonly direction?: Direction;
  /** In the unit that is scored: per second for counters. */
  readonly minimumDeviation?: number;
  /** Share of the expected value: 0.2 is 20 %. */
  readonly minimumRelativeDeviation?: number;
  /** A value outside is an anomaly whatever the history says; a missing end is unbounded. */
  readonly dataRange?: { readonly lower?: number; readonly upper?: number };
  /** 1 is the product's own; 2 makes the band half as wide, 0.5 twice as wide. */
  readonly sensitivity?: number;
  /** Outside these hours nothing opens and nothing is learned. */
  readonly businessHours?: WeeklyHours;
  readonly maintenance?: readonly MaintenanceWindow[];
  /** False takes back an exclusion by a later rule or by the configuration file. */
  readonly excluded?: { readonly reason: string } | false;
}

/** Detection settings of an environment, as operators write and version them. */
export interface DetectionSettings {
  /** Per 1,000 series: how many false alarms a week are acceptable. */
  readonly falseAlarmsPerWeek: number;
  readonly rules: readonly SettingsRule[];
}

export const NO_SETTINGS: DetectionSettings = { falseAlarmsPerWeek: 1, rules: [] };

/** Says why nothing may open at a time, or null where it may. Event time only. */
export interface Suppression {
  /** The same for the same hours and windows. */
  readonly key: string;
  reasonAt(time: EpochMs): string | null;
}

/** All that holds for one series. */
export interface ResolvedSeries {
  readonly settings: SeriesSettings;
  /** Why it is not scored; null where it is. */
  readonly excluded: string | null;
  /** Null where it is never suppressed. */
  readonly suppression: Suppression | null;
  /** Names of the rules that decided something, in their order. */
  readonly rules: readonly string[];
}
