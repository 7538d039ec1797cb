import { bucketQuantile } from '../../account/bucket-quantile.js';
import type { Simulation } from '../../simulation.types.js';
import { reportSlos } from '../report-slos.js';
import { unknown, type Measure } from './measure.types.js';

export function measureSlo(simulation: Simulation, name: string, measure: 'bad-ratio' | 'budget-spent'): Measure {
  const slo = reportSlos(simulation).find((candidate) => candidate.name === name);
  if (slo === undefined) return unknown('ratio', `there is no SLO ${name}`);
  const value = measure === 'bad-ratio' ? slo.badRatio : slo.budgetSpent;
  if (value === null) return unknown('ratio', `no request of ${slo.entryPoint} ended in this run`);
  return { unit: 'ratio', value, detail: `${whole(slo.bad)} of ${whole(slo.good + slo.bad)} requests were bad` };
}

export function measureHarm(simulation: Simulation, name: string): Measure {
  const slo = reportSlos(simulation).find((candidate) => candidate.name === name);
  if (slo === undefined) return unknown('seconds', `there is no SLO ${name}`);
  if (slo.good + slo.bad === 0) return unknown('seconds', `no request of ${slo.entryPoint} ended in this run`);
  const stretches = slo.harmCount === 1 ? 'one stretch' : `${slo.harmCount} stretches`;
  return { unit: 'seconds', value: slo.harmSeconds, detail: `in ${stretches}` };
}

export function measureLatency({ fleet, state }: Simulation, entryPoint: string, quantile: number): Measure {
  const entry = fleet.scenario.load.findIndex(({ name }) => name === entryPoint);
  if (entry < 0) return unknown('seconds', `there is no entry point ${entryPoint}`);
  const bounds = fleet.network.userBounds;
  const value = bucketQuantile(bounds, state.flows.userBuckets, entry * (bounds.length + 1), quantile);
  if (Number.isNaN(value)) return unknown('seconds', `no request of ${entryPoint} was answered in this run`);
  return { unit: 'seconds', value, atLeast: value >= bounds.at(-1)! };
}

export function measureErrorRatio({ fleet, state: { flows } }: Simulation, entryPoint: string): Measure {
  const entry = fleet.scenario.load.findIndex(({ name }) => name === entryPoint);
  if (entry < 0) return unknown('ratio', `there is no entry point ${entryPoint}`);
  const failed = flows.userFailed[entry]!;
  const finished = flows.userOk[entry]! + failed;
  if (finished === 0) return unknown('ratio', `no request of ${entryPoint} ended in this run`);
  return { unit: 'ratio', value: failed / finished, detail: `${whole(failed)} of ${whole(finished)} requests failed` };
}

/** With thousands separated: `341,569`. */
function whole(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}
