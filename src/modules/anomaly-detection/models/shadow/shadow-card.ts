import type { Judge, ShadowAnomaly, ShadowTotals } from '../data/shadow.repository.js';
import { concerns, type LabelledRange, type ModelLabel } from './model-labels.js';

const WEEK_SECONDS = 604_800;
/** Closer to the chosen rate by less than this factor is no difference that anybody would notice. */
const NOTICEABLE = 1.25;

export interface JudgeScore {
  /** Anomalies opened, labelled stretches included. */
  readonly anomalies: number;
  /** Per 1,000 series and week; null before anything was scored. */
  readonly anomaliesPerWeek: number | null;
  /** Anomalies outside of stretches where something was wrong. */
  readonly falseAlarms: number;
  readonly falseAlarmsPerWeek: number | null;
  /** Stretches where something was wrong, and how many of them an anomaly touched. */
  readonly found: number;
  /** Stretches that somebody called normal, and were called anomalies. */
  readonly disturbed: number;
}

/** What a shadow would have done, beside what was done, on the same points. */
export interface ShadowCard {
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
  readonly verdict: 'better' | 'worse' | 'no-difference' | 'no-data';
  readonly reason: string;
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
  const judge = (by: Judge): JudgeScore => {
    const anomalies = data.anomalies.filter((anomaly) => anomaly.judge === by);
    const opened = by === 'active' ? totals.activeAnomalies : totals.shadowAnomalies;
    const right = anomalies.filter((anomaly) => wrong.some((label) => touches(anomaly, label))).length;
    const falseAlarms = Math.max(0, opened - right);
    const touched = (some: readonly ModelLabel[]): number =>
      some.filter((label) => anomalies.some((anomaly) => touches(anomaly, label))).length;
    return {
      anomalies: opened,
      anomaliesPerWeek: exposure > 0 ? opened / exposure : null,
      falseAlarms,
      falseAlarmsPerWeek: exposure > 0 ? falseAlarms / exposure : null,
      found: touched(wrong),
      disturbed: touched(normal),
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
    active,
    shadow,
    expectedFalseAlarms,
    ...judgement(points, wrong.length, active, shadow, expectedFalseAlarms),
  };
}

/** What is wrong must be found first; then less disturbance of what is normal; then the rate that was chosen. */
function judgement(
  points: number,
  wrong: number,
  active: JudgeScore,
  shadow: JudgeScore,
  expected: number,
): Pick<ShadowCard, 'verdict' | 'reason'> {
  if (points === 0) return { verdict: 'no-data', reason: 'it has scored nothing yet' };
  if (shadow.found !== active.found) {
    const verdict = shadow.found > active.found ? 'better' : 'worse';
    return {
      verdict,
      reason: `it finds ${shadow.found} of ${wrong} labelled stretches, the active one ${active.found}`,
    };
  }
  if (shadow.disturbed !== active.disturbed) {
    const verdict = shadow.disturbed < active.disturbed ? 'better' : 'worse';
    const reason = `it calls ${shadow.disturbed} stretches anomalies that people called normal, the active one ${active.disturbed}`;
    return { verdict, reason };
  }
  const [off, offNow] = [distance(shadow.falseAlarms, expected), distance(active.falseAlarms, expected)];
  const rates = `${shadow.falseAlarms} false alarms where ${expected.toFixed(1)} were chosen, the active one ${active.falseAlarms}`;
  if (Math.abs(off - offNow) < Math.log(NOTICEABLE)) return { verdict: 'no-difference', reason: `it gives ${rates}` };
  return { verdict: off < offNow ? 'better' : 'worse', reason: `it gives ${rates}` };
}

/** How far a count is from what was expected, as a ratio in logarithms; half an alarm keeps zeros finite. */
function distance(count: number, expected: number): number {
  return Math.abs(Math.log((count + 0.5) / (expected + 0.5)));
}
