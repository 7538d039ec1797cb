import type { SimulationState } from '../simulation/simulation.types.js';

/**
 * Harm that is over before two scrapes of 15 s have seen it cannot be told from chance by anything that scrapes, and no
 * user calls it an outage: shorter stretches do not make a fault one that harms.
 */
export const MINIMUM_HARM_SECONDS = 30;

/**
 * First second, from `from` on and before `to`, at which users of any SLO begin to be harmed for at least
 * `MINIMUM_HARM_SECONDS`; null where none are. Stretches with gaps of up to a minute are one (see `accountSlo`). Harm
 * that was there before does not count.
 */
export function firstHarm({ account, step }: SimulationState, from: number, to: number): number | null {
  let first: number | null = null;
  account.slos.forEach((slo, index) => {
    for (const harm of slo.harms) {
      // An open stretch has lasted until its last harmed step.
      const end = harm.to >= 0 ? harm.to : Math.min(step, account.memory.slos[index]!.harmedAt + 1);
      if (harm.from < from || harm.from >= to || end - harm.from < MINIMUM_HARM_SECONDS) continue;
      if (first === null || harm.from < first) first = harm.from;
    }
  });
  return first;
}

/** Whether users were being harmed at a step. */
export function isHarmed({ account }: SimulationState): boolean {
  return account.memory.slos.some(({ harmedAt }) => harmedAt >= 0);
}
