import type { Simulation } from '../simulation.types.js';
import type { SloReport } from './report.types.js';
import { ratio, tidy, tidyCount } from './tidy.js';

export function reportSlos({ fleet, state }: Simulation): readonly SloReport[] {
  return fleet.scenario.slos.map(({ name, entryPoint, objective, latency }, index) => {
    const { good, bad, harms, harmCount, harmSeconds } = state.account.slos[index]!;
    const open = harms.at(-1)?.to === -1 ? harms.at(-1) : undefined;
    const lastHarm = state.account.memory.slos[index]!.harmedAt;
    return {
      name,
      entryPoint,
      objective,
      latency: tidy(latency),
      good: tidyCount(good),
      bad: tidyCount(bad),
      badRatio: ratio(bad, good + bad),
      budgetSpent: ratio(bad, (1 - objective) * (good + bad)),
      harmSeconds: harmSeconds + (open === undefined ? 0 : lastHarm + 1 - open.from),
      harmCount: harmCount + (open === undefined ? 0 : 1),
      harms: harms.map((harm) => ({
        from: harm.from,
        to: harm.to === -1 ? (lastHarm + 1 < state.step ? lastHarm + 1 : null) : harm.to,
        bad: tidyCount(harm.bad),
        total: tidyCount(harm.total),
      })),
    };
  });
}
