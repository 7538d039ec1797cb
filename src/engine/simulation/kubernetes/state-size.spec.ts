import { describe, expect, it } from 'vitest';
import { NEUTRAL } from '../../../../test/support/simulation/platform-run.js';
import { fixtureFault, fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import { createSimulation, injectFault, requestChange, stepSimulation } from '../simulation.js';
import type { Simulation } from '../simulation.types.js';

/** Long enough for eleven versions of each service. */
const HALF_HOUR = 1800;
const SERVICES = ['web', 'api', 'worker'];

/** Numbers, strings and the like that something holds, however deep. */
function valuesIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return (value as Float64Array).length;
  if (value instanceof Map) return [...value].reduce((sum, entry) => sum + valuesIn(entry), 0);
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, each) => sum + valuesIn(each), 0);
}

/** By part of the state. */
function sizesOf({ state }: Simulation): Record<string, number> {
  return Object.fromEntries(Object.entries(state).map(([part, value]) => [part, valuesIn(value)]));
}

describe('the state of a fleet that is deployed to all the time', () => {
  it('is as large after an hour as after half of it: old pods, versions, images, events and series go', () => {
    const simulation = createSimulation(fixtureScenario());
    const { state } = simulation;
    // A deploy every 40 s, each service in turn: more than the ten versions that are kept, and a restart and a kill now and then.
    const live = (until: number): void => {
      while (state.step < until) {
        const service = SERVICES[(state.step / 40) % 3];
        if (service !== undefined)
          requestChange(simulation, { kind: 'deploy', service, version: `v${state.step}`, effects: NEUTRAL });
        if (state.step % 600 === 20) requestChange(simulation, { kind: 'restart', service: 'api' });
        if (state.step % 600 === 30)
          injectFault(
            simulation,
            fixtureFault({ name: `kill-${state.step}`, kind: 'pod-kill', duration: 1, target: { service: 'web' } }),
          );
        stepSimulation(simulation, { scrape: () => undefined });
      }
    };
    live(HALF_HOUR);
    const once = sizesOf(simulation);
    const names = state.platform.deployments.map(({ versions }) => versions.at(-1)!.name);
    live(2 * HALF_HOUR);
    const twice = sizesOf(simulation);
    // It did go on: a tenth version ago is another one.
    for (const [i, { versions }] of state.platform.deployments.entries()) {
      expect(versions).toHaveLength(10);
      expect(versions.some(({ name }) => name === names[i])).toBe(false);
    }
    for (const part of [
      'platform',
      'control',
      'telemetry',
      'network',
      'traffic',
      'stores',
      'load',
      'flows',
      'timeline',
    ]) {
      const growth = twice[part]! - once[part]!;
      expect([part, growth, growth <= 0.02 * once[part]! + 20]).toEqual([part, growth, true]);
    }
    // Of every fault a record is kept, of which the report tells.
    expect(twice['account']! - once['account']!).toBeLessThan(3 * 12);
  }, 30_000);
});
