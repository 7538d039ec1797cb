import { writePoint } from '../account/history.js';
import { bucketQuantile } from '../account/bucket-quantile.js';
import type { HistoryState } from '../account/account.types.js';
import type { Simulation } from '../simulation.types.js';
import { judgeExpectations } from './expectations/judge-expectations.js';
import { reportFaults } from './report-faults.js';
import { reportServices } from './report-services.js';
import { reportSlos } from './report-slos.js';
import {
  REPORT_VERSION,
  type EntryPointReport,
  type HistoryReport,
  type RunFindings,
  type RunReport,
  type Totals,
  type Verdict,
} from './report.types.js';
import { ratio, tidy, tidyCount } from './tidy.js';

/**
 * What the run did so far; a run that has not reached its planned end judges no expectation. Changes nothing.
 *
 * @param findings what detectors and the correlation of incidents found in this run
 */
export function buildReport(simulation: Simulation, findings?: RunFindings): RunReport {
  const { fleet, state } = simulation;
  const { scenario } = fleet;
  const expectations = judgeExpectations(simulation, findings);
  return {
    version: REPORT_VERSION,
    scenario: { name: scenario.name, title: scenario.title, teaches: scenario.teaches },
    run: {
      seed: state.seed,
      solver: state.solver,
      start: new Date(scenario.start).toISOString(),
      seconds: state.step,
      planned: scenario.duration,
      complete: state.step >= scenario.duration,
    },
    verdict: worst(expectations.map(({ verdict }) => verdict)),
    expectations,
    totals: reportTotals(simulation),
    entryPoints: scenario.load.map((_, entry) => reportEntryPoint(simulation, entry)),
    slos: reportSlos(simulation),
    faults: reportFaults(simulation, findings),
    services: reportServices(simulation),
    queues: fleet.components
      .filter(({ index }) => state.stores.queues[index] !== undefined)
      .map(({ index, name }) => ({
        name,
        maxLag: tidyCount(state.account.maxLag[name]!),
        finalLag: tidyCount(state.stores.queues[index]!.lag.reduce((total, lag) => total + lag, 0)),
      })),
    history: reportHistory(simulation),
  };
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('unknown') ? 'unknown' : 'pass';
}

function reportTotals({ state: { flows, account, step } }: Simulation): Totals {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const answered = sum(flows.userOk);
  const failed = sum(flows.userFailed);
  return {
    offered: tidyCount(sum(flows.userOffered)),
    answered: tidyCount(answered),
    failed: tidyCount(failed),
    waiting: tidyCount(sum(flows.userWaiting)),
    errorRatio: ratio(failed, answered + failed),
    restarts: account.restarts,
    oomKills: account.oomKills,
    unschedulablePodSeconds: account.unschedulableSeconds,
    maxUnschedulablePods: account.maxUnschedulable,
    cost: tidyCount(account.cost),
    costPerHour: ratio(account.cost * 3600, step),
  };
}

function reportEntryPoint({ fleet, state: { flows, step } }: Simulation, entry: number): EntryPointReport {
  const bounds = fleet.network.userBounds;
  const answered = flows.userOk[entry]!;
  const failed = flows.userFailed[entry]!;
  const quantile = (q: number) => tidy(bucketQuantile(bounds, flows.userBuckets, entry * (bounds.length + 1), q));
  return {
    name: fleet.scenario.load[entry]!.name,
    offered: tidyCount(flows.userOffered[entry]!),
    answered: tidyCount(answered),
    failed: tidyCount(failed),
    waiting: tidyCount(flows.userWaiting[entry]!),
    meanRate: ratio(flows.userOffered[entry]!, step),
    errorRatio: ratio(failed, answered + failed),
    latency: {
      mean: ratio(flows.userDurationSum[entry]!, answered),
      p50: quantile(0.5),
      p90: quantile(0.9),
      p95: quantile(0.95),
      p99: quantile(0.99),
      p999: quantile(0.999),
    },
  };
}

function reportHistory({ fleet, state }: Simulation): HistoryReport {
  const { history } = state.account;
  const { interval, points, base } = history;
  const begun = state.step - base.step;
  const count = points + (begun > 0 ? 1 : 0);
  const grow = (column: Float64Array) => {
    const copy = new Float64Array(count);
    copy.set(column.subarray(0, points));
    return copy;
  };
  const all: Record<Column, Float64Array> = {
    offered: grow(history.offered),
    ok: grow(history.ok),
    failed: grow(history.failed),
    p50: grow(history.p50),
    p99: grow(history.p99),
    replicas: grow(history.replicas),
    costRate: grow(history.costRate),
  };
  if (begun > 0) writePoint(state, fleet.network.userBounds, all, points, state.step);
  const seconds = (point: number) => (point < points ? interval : begun);
  return {
    interval,
    rate: Array.from(all.offered, (offered, point) => tidy(offered / seconds(point))),
    errorRatio: Array.from(all.ok, (ok, point) => ratio(all.failed[point]!, ok + all.failed[point]!)),
    p50: Array.from(all.p50, tidy),
    p99: Array.from(all.p99, tidy),
    replicas: Array.from(all.replicas, tidy),
    costRate: Array.from(all.costRate, tidy),
  };
}

type Column = Exclude<keyof HistoryState, 'base' | 'interval' | 'points'>;
