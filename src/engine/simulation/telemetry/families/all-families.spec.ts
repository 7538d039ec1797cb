import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keepFrames, sumOf } from '../../../../../test/support/simulation/metric-reader.js';
import { fixtureCall, fixtureScenario } from '../../../../../test/support/simulation/scenario-fixture.js';
import type { AutoscalerSpec, Scenario } from '../../../scenario/scenario.types.js';
import { createSimulation, stepSimulation } from '../../simulation.js';
import { ALL_FAMILIES } from './all-families.js';

/** The fixture, with a breaker, a pool and an autoscaler. */
function everything(): Scenario {
  const scenario = fixtureScenario();
  const breaker = { errorRatio: 0.5, minimumCalls: 20, window: 10, openFor: 30 };
  const pool = { size: 10, timeout: 1 };
  const write = fixtureCall({ component: 'db', operation: 'write', breaker, pool });
  const services = scenario.services.map((service) => {
    if (service.name !== 'api') return service;
    return {
      ...service,
      operations: service.operations.map((each) => ({ ...each, stages: [[write], ...each.stages] })),
    };
  });
  const autoscaler: AutoscalerSpec = {
    kind: 'hpa',
    service: 'api',
    clusters: ['eu-1'],
    signals: {},
    object: {
      metadata: { name: 'api', namespace: 'default' },
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'api' },
        minReplicas: 2,
        maxReplicas: 8,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    },
  };
  return { ...scenario, services, autoscalers: [autoscaler] };
}

describe('families', () => {
  it('have names of their own, lower case but where an exporter has it otherwise, and a help text', () => {
    expect(new Set(ALL_FAMILIES.map(({ name }) => name)).size).toBe(ALL_FAMILIES.length);
    for (const { name, help } of ALL_FAMILIES) {
      expect(name).toMatch(/^[a-z][a-zA-Z0-9_]*$/);
      expect(help).not.toBe('');
    }
  });

  it('name their unit at the end, as OpenMetrics demands', () => {
    for (const { name, unit } of ALL_FAMILIES)
      if (unit !== '') expect(name.replace(/_total$/, '').endsWith(`_${unit}`)).toBe(true);
    expect(ALL_FAMILIES.find(({ name }) => name === 'http_request_duration_seconds')!.unit).toBe('seconds');
    expect(ALL_FAMILIES.find(({ name }) => name === 'container_cpu_usage_seconds_total')!.unit).toBe('seconds');
  });

  it('are all documented', () => {
    const text = readFileSync(new URL('../../../../../docs/telemetry.md', import.meta.url), 'utf8');
    const documented = new Set(text.match(/`[a-z][a-zA-Z0-9_]*`/g)!.map((name) => name.slice(1, -1)));
    expect(ALL_FAMILIES.filter(({ name }) => !documented.has(name)).map(({ name }) => name)).toEqual([]);
  });

  it('are all exposed by a fleet that has everything', () => {
    const simulation = createSimulation(everything());
    const { frames, sink } = keepFrames();
    for (let i = 0; i < 60; i++) stepSimulation(simulation, sink);
    const last = frames.at(-1)!;
    const exposed = new Set(last.series.map((series) => series?.family));
    expect(ALL_FAMILIES.filter(({ name }) => !exposed.has(name))).toEqual([]);
    const autoscaler = { horizontalpodautoscaler: 'api' };
    expect(sumOf(last, 'kube_horizontalpodautoscaler_spec_max_replicas', autoscaler)).toBe(8);
    expect(sumOf(last, 'kube_horizontalpodautoscaler_spec_target_metric', { metric_name: 'cpu' })).toBe(50);
    // Three pods, and each state set has one state that holds.
    expect(sumOf(last, 'hikaricp_connections_max', { pool: 'db' })).toBe(30);
    expect(sumOf(last, 'resilience4j_circuitbreaker_state', { name: 'db' })).toBe(3);
    expect(sumOf(last, 'kube_horizontalpodautoscaler_status_condition', autoscaler)).toBe(3);
  });
});
