import { formatNumber } from '../../../engine/correlation/numbers.js';
import type { EndReason } from '../../../engine/correlation/correlation.types.js';
import { formatSeries, type Labels } from '../../../kernel/time-series.js';
import type { Evidence } from '../data/incident.rows.js';

export interface MeasuredPeak {
  readonly labels: Labels;
  readonly startedAt: Date;
  readonly score: number;
  readonly value: number;
  readonly yhat: number;
  readonly yhatLower: number;
  readonly yhatUpper: number;
}

/** `node_load1{instance="host-1"} at 8.4, expected 1.2 (band 0.3 to 2.1), score 6.3, since 14:02:10 UTC` */
export function evidenceText(peak: MeasuredPeak): string {
  const band = `band ${formatNumber(peak.yhatLower)} to ${formatNumber(peak.yhatUpper)}`;
  return (
    `${formatSeries(peak.labels)} at ${formatNumber(peak.value)}, expected ${formatNumber(peak.yhat)} (${band}), ` +
    `score ${peak.score.toFixed(1)}, since ${clockTime(peak.startedAt)}`
  );
}

const ENDINGS: Readonly<Record<EndReason, string>> = {
  calm: 'is back in its band',
  stale: 'stopped sending; whether it recovered is unknown',
  'series-ended': 'no longer exists',
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
