import { readdirSync, readFileSync } from 'node:fs';
import { parseScenario } from '../../src/engine/scenario/parse-scenario.js';
import type { SolverName } from '../../src/engine/simulation/model/solver.types.js';
import { buildReport } from '../../src/engine/simulation/report/build-report.js';
import type { RunReport } from '../../src/engine/simulation/report/report.types.js';
import { createSimulation, stepSimulation } from '../../src/engine/simulation/simulation.js';

const LIBRARY = new URL('../../scenarios/', import.meta.url);

export function run({ hours, names }: { hours: number; names: readonly string[] }): void {
  const all = readdirSync(LIBRARY).flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -5)] : []));
  const chosen = names.length > 0 ? names : all.filter((name) => name !== 'large-fleet');
  console.log('| scenario | SLO or fault | fluid | discrete-event |');
  console.log('|---|---|---:|---:|');
  for (const name of chosen) {
    const [fluid, discrete] = (['fluid', 'discrete-event'] as const).map((solver) => simulate(name, solver, hours));
    for (const [what, ours, theirs] of rows(fluid!.report, discrete!.report))
      console.log(`| ${name} | ${what} | ${ours} | ${theirs} |`);
    console.log(`| ${name} | time of the run | ${fluid!.seconds.toFixed(1)} s | ${discrete!.seconds.toFixed(1)} s |`);
  }
}

function simulate(name: string, solver: SolverName, hours: number) {
  const read = (path: string) => readFileSync(new URL(path, LIBRARY), 'utf8');
  const scenario = parseScenario(read(`${name}.yaml`), { file: `${name}.yaml`, read });
  const simulation = createSimulation(scenario, { solver });
  const steps = Math.min(scenario.duration, hours * 3600);
  const start = process.cpuUsage().user;
  for (let step = 0; step < steps; step++) stepSimulation(simulation);
  return { report: buildReport(simulation), seconds: (process.cpuUsage().user - start) / 1e6 };
}

function rows(fluid: RunReport, discrete: RunReport): [what: string, fluid: string, discrete: string][] {
  const slos = fluid.slos.map((slo, i): [string, string, string] => {
    const other = discrete.slos[i]!;
    const say = ({ badRatio, harmSeconds }: typeof slo) => `${percent(badRatio)} bad, ${harmSeconds} s of harm`;
    return [slo.name, say(slo), say(other)];
  });
  const faults = fluid.faults.map((fault, i): [string, string, string] => {
    const say = ({ secondsToHarm, secondsToRecover }: typeof fault) =>
      secondsToHarm === null ? 'nobody harmed' : `harm after ${secondsToHarm} s, over ${over(secondsToRecover)}`;
    return [fault.name, say(fault), say(discrete.faults[i]!)];
  });
  return [...slos, ...faults];
}

function over(seconds: number | null): string {
  return seconds === null ? 'not within the run' : `${seconds} s after its end`;
}

function percent(share: number | null): string {
  return share === null ? 'none' : `${(share * 100).toFixed(2)} %`;
}
