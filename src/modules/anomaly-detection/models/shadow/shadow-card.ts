import type { Judge, ShadowAnomaly, ShadowTotals } from '../data/shadow.repository.js';
import { garwood } from '../../../../engine/scorecard/statistics/intervals.js';
import { concerns, type LabelledRange, type ModelLabel } from './model-labels.js';
import { shadowVerdict, type Touched, type Verdict } from './shadow-verdict.js';

const WEEK_SECONDS = 604_800;

export interface JudgeScore {
  /** Anomalies opened, labelled stretches included. */
  readonly anomalies: number;
  /** Per 1,000 series and week; null before anything was scored. */
  readonly anomaliesPerWeek: number | null;
  /** Anomalies outside of stretches where something was wrong. */
  readonly falseAlarms: number;
  readonly falseAlarmsPerWeek: number | null;
  /** Its 95 % interval, that of a Poisson count. */
  readonly falseAlarmsLow: number | null;
  readonly falseAlarmsHigh: number | null;
  /** Stretches where something was wrong, and how many of them an anomaly touched. */
  readonly found: number;
  /** Stretches that somebody called normal, and were called anomalies. */
  readonly disturbed: number;
}

/** What a shadow would have done, beside what was done, on the same points. */
export interface ShadowCard extends Verdict {
  readonly modelId: string;
  readonly environmentId: string;
  readonly from: string | null;
  readonly until: string | null;
  readonly points: number;
  /** Share of points on which both said the same: above the boundary, or not. */
  readonly agreement: number | null;
  /** Mean difference of scores, each bounded to 10. */
  readonly meanDifference: number | null;
  readonly labels: { readonly wrong: number; readonly normal: number };
  readonly active: JudgeScore;
  readonly shadow: JudgeScore;
  /** Expected false alarms at the chosen rate, over the same series and time. */
  readonly expectedFalseAlarms: number;
}

export interface CardData extends LabelledRange {
  readonly modelId: string;
  readonly environmentId: string;
  readonly totals: ShadowTotals;
  readonly anomalies: readonly ShadowAnomaly[];
  /** The rate of false alarms that was chosen, per 1,000 series and week. */
  readonly chosenPerWeek: number;
}

export function shadowCard(data: CardData): ShadowCard {
  const { totals, labels, modelId, environmentId } = data;
  const wrong = labels.filter((label) => label.wrong);
  const normal = labels.filter((label) => !label.wrong);
  const touches = ({ seriesId, startedAt, endedAt }: ShadowAnomaly, label: ModelLabel): boolean =>
    concerns(label, { seriesId, from: startedAt.getTime(), to: endedAt?.getTime() ?? Infinity }, data.services);
  const exposure = totals.seriesSeconds / WEEK_SECONDS / 1_000;
  const judge = (by: Judge): JudgeScore & Touched => {
    const anomalies = data.anomalies.filter((anomaly) => anomaly.judge === by);
    const opened = by === 'active' ? totals.activeAnomalies : totals.shadowAnomalies;
    const right = anomalies.filter((anomaly) => wrong.some((label) => touches(anomaly, label))).length;
    const falseAlarms = Math.max(0, opened - right);
    const touched = (some: readonly ModelLabel[]): ReadonlySet<ModelLabel> =>
      new Set(some.filter((label) => anomalies.some((anomaly) => touches(anomaly, label))));
    const [foundOnes, disturbedOnes] = [touched(wrong), touched(normal)];
    const rate = garwood(falseAlarms, exposure);
    return {
      foundOnes,
      disturbedOnes,
      anomalies: opened,
      anomaliesPerWeek: exposure > 0 ? opened / exposure : null,
      falseAlarms,
      falseAlarmsPerWeek: rate.value,
      falseAlarmsLow: rate.low,
      falseAlarmsHigh: rate.high,
      found: foundOnes.size,
      disturbed: disturbedOnes.size,
    };
  };
  const [active, shadow] = [judge('active'), judge('shadow')];
  const expectedFalseAlarms = data.chosenPerWeek * exposure;
  const { points } = totals;
  return {
    modelId,
    environmentId,
    from: totals.from?.toISOString() ?? null,
    until: totals.until?.toISOString() ?? null,
    points,
    agreement: points > 0 ? (totals.bothCalm + totals.bothAbove) / points : null,
    meanDifference: points > 0 ? totals.scoreDifference / points : null,
    labels: { wrong: wrong.length, normal: normal.length },
    active: scoreOf(active),
    shadow: scoreOf(shadow),
    expectedFalseAlarms,
    ...shadowVerdict(points, wrong.length, active, shadow, expectedFalseAlarms),
  };
}

function scoreOf({ foundOnes: _found, disturbedOnes: _disturbed, ...score }: JudgeScore & Touched): JudgeScore {
  return score;
}
