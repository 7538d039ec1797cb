import type { DetectorScore } from '../../../engine/scorecard/score-card.types.js';

/** What the first detector of a score must keep, for CI. */
export interface Gates {
  readonly minRecall: number | undefined;
  readonly maxFalseAlarms: number | undefined;
}

export interface GateResult {
  readonly title: string;
  /** Null: it was kept. */
  readonly failure: string | null;
}

/** Judged by the estimates themselves, not by their intervals. What could not be measured fails. */
export function judgeGates({ all, calm }: DetectorScore, { minRecall, maxFalseAlarms }: Gates): readonly GateResult[] {
  const results: GateResult[] = [];
  if (minRecall !== undefined) {
    const { value } = all.recallInTime;
    const title = `recall of harmful stretches in time: at least ${round(minRecall * 100)} %`;
    const kept = value !== null && value >= minRecall;
    results.push({
      title,
      failure: kept ? null : value === null ? 'nothing harmful happened' : `${round(value * 100)} %`,
    });
  }
  if (maxFalseAlarms !== undefined) {
    const { value } = calm.anomalyRate;
    const title = `false alarms per 1,000 series and week: at most ${maxFalseAlarms}`;
    const kept = value !== null && value <= maxFalseAlarms;
    results.push({ title, failure: kept ? null : value === null ? 'there was no calm time' : String(round(value)) });
  }
  return results;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
