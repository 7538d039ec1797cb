import { describe, expect, it } from 'vitest';
import { fixtureScenario, fixtureService } from '../../../../test/support/simulation/scenario-fixture.js';
import { compileFleet } from '../model/compile-fleet.js';
import { createFlows, createParameters } from '../model/create-network.js';
import { createShedding, stepShedding } from './load-shedding.js';
import { trafficPlanOf } from './traffic-plan.js';

/** A queue that gets 100 requests a second done, as a difference equation. */
function shedder(capacity: number) {
  const [web, ...rest] = fixtureScenario().services;
  const shedding = fixtureService({ ...web!, loadShedding: { targetQueueSeconds: 0.2 } });
  const fleet = compileFleet(fixtureScenario({ services: [shedding, ...rest] }));
  const { network } = fleet;
  const flows = createFlows(network);
  const { cells } = createParameters(network);
  const seen = createShedding(trafficPlanOf(fleet));
  let queue = 0;
  return {
    second(offered: number): { readonly queue: number; readonly shed: number } {
      const refused = offered * cells.shedRatio[0]!;
      const done = Math.min(capacity, queue + offered - refused);
      queue += offered - refused - done;
      flows.arrived[0]! += offered;
      flows.rejected[0]! += refused;
      flows.ok[0]! += done;
      flows.inFlight[0] = queue;
      flows.queued[0] = queue;
      stepShedding(trafficPlanOf(fleet), seen, network, flows, cells);
      return { queue, shed: cells.shedRatio[0]! };
    },
    cells,
  };
}

describe('stepShedding', () => {
  it('refuses nothing below the capacity', () => {
    const { second } = shedder(100);
    for (let i = 0; i < 60; i++) expect(second(95).shed).toBe(0);
  });

  it('holds the queueing time near its target and refuses little more than it must in overload', () => {
    const { second } = shedder(100);
    const settled = Array.from({ length: 200 }, () => second(200)).slice(50);
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(settled.map(({ queue }) => queue)) / 100).toBeLessThan(0.4);
    expect(mean(settled.map(({ shed }) => shed))).toBeGreaterThan(0.45);
    expect(mean(settled.map(({ shed }) => shed))).toBeLessThan(0.55);
  });

  it('stops refusing when the overload is over', () => {
    const { second } = shedder(100);
    for (let i = 0; i < 60; i++) second(300);
    const shed = Array.from({ length: 200 }, () => second(50).shed);
    expect(shed.at(-1)).toBe(0);
    for (let i = 10; i < shed.length; i++) expect(shed[i]).toBeLessThanOrEqual(shed[i - 1]!);
  });

  it('treats all cells of the station alike', () => {
    const { second, cells } = shedder(100);
    for (let i = 0; i < 20; i++) second(300);
    expect(new Set(cells.shedRatio.slice(0, 8)).size).toBe(1);
    expect(cells.shedRatio[8]).toBe(0);
  });
});
