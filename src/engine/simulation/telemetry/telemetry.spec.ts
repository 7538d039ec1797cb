import { describe, expect, it } from 'vitest';
import { formatSeries } from '../../../kernel/time-series.js';
import { keepFrames, sumOf } from '../../../../test/support/simulation/metric-reader.js';
import { fixtureFault, fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import type { Change, Scenario } from '../../scenario/scenario.types.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { createSimulation, requestChange, restoreSimulation, snapshotOf, stepSimulation } from '../simulation.js';
import type { Simulation, SimulationOptions } from '../simulation.types.js';
import type { TelemetryState } from './telemetry-state.js';
import { lastScrape } from './telemetry.js';

const EFFECTS = {
  errorRatio: 0,
  latencyFactor: 1,
  cpuFactor: 1,
  leakPerRequest: 0,
  crashAfter: 0,
  neverReady: false,
};

function run(scenario: Scenario, steps: number, options: SimulationOptions = {}) {
  const simulation = createSimulation(scenario, options);
  const { frames, sink } = keepFrames();
  for (let i = 0; i < steps; i++) stepSimulation(simulation, sink);
  return { simulation, frames };
}

/** Finished and refused requests of a service, by the flows. */
function finishedOf({ fleet, state }: Simulation, service: string): number {
  const { flows } = state;
  const { operationStride } = fleet.network;
  let finished = 0;
  for (const { name, station } of fleet.deployments) {
    if (name !== service) continue;
    const first = station * CELLS_PER_STATION * operationStride;
    for (let row = first; row < first + CELLS_PER_STATION * operationStride; row++)
      for (const counter of [flows.ok, flows.failedOwn, flows.failedDependency, flows.failedTimeout, flows.rejected])
        finished += counter[row]!;
  }
  return finished;
}

describe('the first scrape', () => {
  it('is at the start, all counters at 0 and every pod up', () => {
    const { frames } = run(fixtureScenario(), 1);
    expect(frames[0]!.time).toBe(fixtureScenario().start);
    expect(sumOf(frames[0]!, 'http_requests_total')).toBe(0);
    expect(sumOf(frames[0]!, 'up', { job: 'web' })).toBe(3);
    expect(sumOf(frames[0]!, 'kube_pod_status_phase', { phase: 'Running' })).toBe(8);
    expect(sumOf(frames[0]!, 'kube_deployment_status_replicas_available', { deployment: 'worker' })).toBe(2);
    expect(sumOf(frames[0]!, 'pg_up')).toBe(3);
    expect(sumOf(frames[0]!, 'node_cpu_seconds_total')).toBe(0);
  });

  it('is followed by one every interval', () => {
    const { frames } = run(fixtureScenario(), 60);
    expect(frames.map(({ time }) => time - fixtureScenario().start)).toEqual([0, 15_000, 30_000, 45_000, 60_000]);
  });
});

describe.each(['fluid', 'discrete-event'] as const)('request metrics of the %s solver', (solver) => {
  it('count over all pods exactly what flowed, in whole requests', () => {
    const { simulation, frames } = run(fixtureScenario(), 300, { solver });
    const last = frames.at(-1)!;
    for (const service of ['web', 'api', 'worker']) {
      const finished = finishedOf(simulation, service);
      expect(sumOf(last, 'http_requests_total', { service })).toBe(Math.floor(finished + 1e-6));
      expect(sumOf(last, 'http_request_duration_seconds_count', { service })).toBe(Math.floor(finished + 1e-6));
    }
    expect(sumOf(last, 'http_requests_total', { service: 'web' })).toBeGreaterThan(10_000);
  });

  it('agree with each other in every pod: codes, buckets and count', () => {
    const { frames } = run(fixtureScenario(), 120, { solver });
    const last = frames.at(-1)!;
    const pods = new Set(last.series.filter((each) => each !== null).map(({ labels }) => labels['pod']));
    for (const pod of pods) {
      if (pod === undefined) continue;
      const count = sumOf(last, 'http_request_duration_seconds_count', { pod });
      if (Number.isNaN(count)) continue;
      expect(Number.isInteger(count)).toBe(true);
      expect(sumOf(last, 'http_requests_total', { pod })).toBe(count);
      let before = 0;
      for (const le of ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1.0', '2.5', '5.0', '10.0', '+Inf']) {
        const below = sumOf(last, 'http_request_duration_seconds_bucket', { pod, le });
        expect(below).toBeGreaterThanOrEqual(before);
        before = below;
      }
      expect(before).toBe(count);
    }
  });
});

describe('pods that come and go', () => {
  const churn = (): Scenario =>
    fixtureScenario({
      faults: [
        fixtureFault({ kind: 'crash-loop', target: { service: 'api' }, at: 60, duration: 120 }),
        fixtureFault({
          kind: 'pod-kill',
          target: { service: 'web', share: 0.3 },
          at: 200,
          duration: 200,
          settings: { interval: 40 },
        }),
      ],
    });

  it('never make a counter fall but by a restart of its process', () => {
    const { frames } = run(churn(), 600, { solver: 'discrete-event' });
    let falls = 0;
    const last = new Map<string, number>();
    const startedAt = new Map<string, number>();
    for (const frame of frames) {
      const starts = new Map(startedAt);
      frame.series.forEach((series, slot) => {
        if (series?.labels['__name__'] !== 'process_start_time_seconds' || Number.isNaN(frame.values[slot])) return;
        startedAt.set(series.labels['pod']!, frame.values[slot]!);
      });
      frame.series.forEach((series, slot) => {
        const value = frame.values[slot]!;
        if (series === null || series.metricType !== 'counter' || Number.isNaN(value)) return;
        const key = formatSeries(series.labels);
        if (value < (last.get(key) ?? 0)) {
          falls++;
          const pod = series.labels['pod']!;
          // The kubelet sees a container that runs before its port is open.
          if (series.labels['job'] !== 'kubelet') expect(startedAt.get(pod), key).toBeGreaterThan(starts.get(pod)!);
        }
        last.set(key, value);
      });
    }
    expect(frames.length).toBe(41);
    expect(falls).toBeGreaterThan(0);
  });

  it('end series and give their slots to others', () => {
    const simulation = createSimulation(fixtureScenario());
    const telemetry = simulation.state.telemetry as TelemetryState;
    let used = 0;
    for (let round = 0; round < 8; round++) {
      const change: Change = { kind: 'deploy', service: 'api', version: `2.${round}.0`, effects: EFFECTS };
      requestChange(simulation, change);
      for (let i = 0; i < 240; i++) stepSimulation(simulation);
      // The first rounds fill the ten versions that Kubernetes remembers and the surge of a rollout.
      if (round === 3) ({ used } = telemetry.slots);
    }
    const perReplicaSet = 4;
    expect(telemetry.slots.used).toBeLessThanOrEqual(used + 4 * perReplicaSet);
  });

  it('announce what ends and starts', () => {
    const { frames } = run(churn(), 600, { solver: 'discrete-event' });
    const live = new Map<number, string>();
    for (const frame of frames) {
      for (const slot of frame.ended) {
        expect(live.has(slot)).toBe(true);
        live.delete(slot);
      }
      for (const slot of frame.started) {
        expect(live.has(slot)).toBe(false);
        live.set(slot, formatSeries(frame.series[slot]!.labels));
      }
      frame.series.forEach((series, slot) =>
        expect(live.get(slot)).toBe(series === null ? undefined : formatSeries(series.labels)),
      );
      expect(new Set(live.values()).size).toBe(live.size);
    }
  });
});

describe('pods that work otherwise than the others', () => {
  const wrong = fixtureFault({ kind: 'config-error', target: { service: 'api', share: 0.3 }, at: 61, duration: 600 });

  it('count what they do, from the moment on that they do it', () => {
    const { simulation, frames } = run(fixtureScenario({ faults: [wrong] }), 300, { solver: 'discrete-event' });
    const last = frames.at(-1)!;
    expect(sumOf(last, 'http_requests_total', { service: 'api' })).toBe(finishedOf(simulation, 'api'));
    // One of three pods answers everything with an error: 50 requests a second for 239 seconds.
    const failed = sumOf(last, 'http_requests_total', { service: 'api', code: '500' });
    expect(failed).toBeGreaterThan((0.9 * 50 * 239) / 3);
    expect(failed).toBeLessThan((1.1 * 50 * 239) / 3);
  });

  it('count the same after a snapshot', () => {
    const scenario = fixtureScenario({ faults: [wrong] });
    const { simulation } = run(scenario, 100, { solver: 'discrete-event' });
    const restored = restoreSimulation(scenario, snapshotOf(simulation));
    const [one, other] = [keepFrames(), keepFrames()];
    for (let i = 0; i < 60; i++) {
      stepSimulation(simulation, one.sink);
      stepSimulation(restored, other.sink);
    }
    expect(other.frames).toEqual(one.frames);
  });
});

describe('determinism', () => {
  const scenario = fixtureScenario({
    faults: [fixtureFault({ kind: 'pod-kill', target: { service: 'api', share: 0.5 }, at: 70, duration: 10 })],
  });

  it('gives the same samples for the same seed, and other noise for another', () => {
    const values = (seed: number) => run(scenario, 180, { seed }).frames.map((frame) => [...frame.values]);
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });

  it('goes on from a snapshot with the same samples', () => {
    const simulation = createSimulation(scenario);
    for (let i = 0; i < 100; i++) stepSimulation(simulation);
    const restored = restoreSimulation(scenario, snapshotOf(simulation));
    expect([...lastScrape(restored.fleet, restored.state).values]).toEqual([
      ...lastScrape(simulation.fleet, simulation.state).values,
    ]);
    const [one, other] = [keepFrames(), keepFrames()];
    for (let i = 0; i < 120; i++) {
      stepSimulation(simulation, one.sink);
      stepSimulation(restored, other.sink);
    }
    expect(other.frames).toEqual(one.frames);
  });
});
