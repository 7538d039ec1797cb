import { describe, expect, it } from 'vitest';
import { keepFrames, sumOf } from '../../../../../test/support/simulation/metric-reader.js';
import { fixtureFault, fixtureScenario } from '../../../../../test/support/simulation/scenario-fixture.js';
import { createSimulation, stepSimulation } from '../../simulation.js';
import type { EventRecord } from '../../telemetry/telemetry.types.js';

describe('what monitoring sees of a lost zone', () => {
  it('follows the node controller: dark at once, NotReady after 40 s, evicted 300 s later', () => {
    const faults = [fixtureFault({ kind: 'zone-loss', at: 60, duration: 1200, target: { zone: 'eu-a' } })];
    const scenario = fixtureScenario({ faults });
    const simulation = createSimulation(scenario);
    const { frames, sink } = keepFrames();
    const events: EventRecord[] = [];
    for (let step = 0; step < 480; step++) {
      stepSimulation(simulation, { ...sink, event: (event) => events.push(event) });
    }
    const at = (seconds: number) => frames.find(({ time }) => time === scenario.start + seconds * 1000)!;
    const node = { node: 'eu-1-general-1' };
    // [the node's kubelet, its Ready condition true, unknown, pods Ready to the API server, pods that answer scrapes]
    const seen = (seconds: number) => [
      sumOf(at(seconds), 'up', { job: 'node-exporter', ...node }),
      ...['true', 'unknown'].map((status) =>
        sumOf(at(seconds), 'kube_node_status_condition', { ...node, condition: 'Ready', status }),
      ),
      sumOf(at(seconds), 'kube_pod_status_ready', { condition: 'true' }),
    ];
    expect(seen(60)).toEqual([1, 1, 0, 8]);
    // Eight pods on three nodes; the first has three of them.
    expect(seen(90)).toEqual([0, 1, 0, 8]);
    expect(seen(105)).toEqual([0, 0, 1, 5]);
    expect(seen(390)).toEqual([0, 0, 1, 5]);
    expect(sumOf(at(390), 'kube_pod_status_phase', { phase: 'Running' })).toBe(8);
    // Replacements run on what is left; the lost ones stay Running, as nobody can tell otherwise.
    expect(seen(420)).toEqual([0, 0, 1, 8]);
    expect(sumOf(at(420), 'kube_pod_status_phase', { phase: 'Running' })).toBe(11);
    const times = (reason: string) => [
      ...new Set(events.filter((each) => each.reason === reason).map(({ time }) => (time - scenario.start) / 1000)),
    ];
    expect([times('NodeNotReady'), times('TaintManagerEviction')]).toEqual([[100], [400]]);
  });
});
