import { formatSeries } from '../../../kernel/time-series.js';
import type { FaultTruth } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import type { RunReport } from '../../../engine/simulation/report/report.types.js';

/** Apart from the telemetry, for those who check what others find in it: what was wrong, where, when, and the harm. */
export function groundTruthFile(report: RunReport, truth: readonly FaultTruth[] | null) {
  return {
    version: 1,
    scenario: report.scenario.name,
    seed: report.run.seed,
    start: report.run.start,
    seconds: report.run.seconds,
    faults: report.faults.map((fault) => ({ ...fault, ...touchedBy(fault.name, truth) })),
    harms: report.slos.map(({ name, entryPoint, harms }) => ({ slo: name, entryPoint, harms })),
  };
}

function touchedBy(name: string, truth: readonly FaultTruth[] | null) {
  const found = truth?.find((fault) => fault.name === name);
  if (found === undefined) return { touched: null, followedSeconds: 0, touchedReason: 'nobody asked for it' };
  return {
    touched: found.touched.map(({ labels, family, ...rest }) => ({
      series: formatSeries(labels),
      ...rest,
      family,
      labels,
    })),
    followedSeconds: found.followed,
    ...(found.reason !== null && { touchedReason: found.reason }),
  };
}
