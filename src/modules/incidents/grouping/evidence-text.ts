import { formatNumber } from '../../../engine/correlation/numbers.js';
import type { EndReason } from '../../../engine/detection/end-reasons.js';
import { formatSeries, type Labels } from '../../../kernel/time-series.js';
import type { Evidence } from '../data/incident.rows.js';

export interface MeasuredPeak {
  readonly labels: Labels;
  readonly startedAt: Date;
  readonly score: number;
  /** These are null where the anomaly is that nothing was reported. */
  readonly value: number | null;
  readonly yhat: number | null;
  readonly yhatLower: number | null;
  readonly yhatUpper: number | null;
}

/** `node_load1{instance="host-1"} at 8.4, expected 1.2 (band 0.3 to 2.1), score 6.3, since 14:02:10 UTC` */
export function evidenceText(peak: MeasuredPeak): string {
  return `${measuredText(peak)}, since ${clockTime(peak.startedAt)}`;
}

/** What was measured, without saying when. */
export function measuredText({
  labels,
  score,
  value,
  yhat,
  yhatLower,
  yhatUpper,
}: Omit<MeasuredPeak, 'startedAt'>): string {
  const scored = `score ${score.toFixed(1)}`;
  if (value === null || yhat === null || yhatLower === null || yhatUpper === null)
    return `${formatSeries(labels)} stopped reporting, ${scored}`;
  const band = `band ${formatNumber(yhatLower)} to ${formatNumber(yhatUpper)}`;
  return `${formatSeries(labels)} at ${formatNumber(value)}, expected ${formatNumber(yhat)} (${band}), ${scored}`;
}

const ENDINGS: Readonly<Record<EndReason, string>> = {
  calm: 'is back in its band',
  stale: 'stopped sending; whether it recovered is unknown',
  'series-ended': 'no longer exists',
  excluded: 'is not watched any more',
  'adopted-silence': 'has been silent for so long that nobody waits for it',
};

export function endText(labels: Labels, endedAt: Date, reason: EndReason, peakScore: number): string {
  return `${formatSeries(labels)} ${ENDINGS[reason]} since ${clockTime(endedAt)}; its peak score was ${peakScore.toFixed(1)}`;
}

/** For a series that goes on flapping: one entry instead of one for every time. */
export function repeatedText(labels: Labels, times: number, until: Date, peakScore: number): string {
  const often = times === 1 ? 'once' : `${times} times`;
  return `${formatSeries(labels)} again, ${often} until ${clockTime(until)}, with a peak score of ${peakScore.toFixed(1)}`;
}

/** For anomalies that are too many to name. */
export function restText(what: 'began' | 'ended', count: number, until: Date, peakScore: number): string {
  const anomalies = count === 1 ? 'One more anomaly' : `${count.toLocaleString('en')} more anomalies`;
  return `${anomalies} ${what} until ${clockTime(until)}, with peak scores up to ${peakScore.toFixed(1)}`;
}

export function peakOf(
  evidence: Omit<Evidence, 'incidentId'>,
): Pick<Evidence, 'peakAt' | 'score' | 'value' | 'yhat' | 'yhatLower' | 'yhatUpper'> {
  const { peakAt, score, value, yhat, yhatLower, yhatUpper } = evidence;
  return { peakAt, score, value, yhat, yhatLower, yhatUpper };
}

export function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return `${Math.round(ms / 1_000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function clockTime(at: Date): string {
  return `${at.toISOString().slice(11, 19)} UTC`;
}
