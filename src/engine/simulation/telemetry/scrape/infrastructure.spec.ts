import { describe, expect, it } from 'vitest';
import { keepFrames, sumOf } from '../../../../../test/support/simulation/metric-reader.js';
import {
  fixtureFault,
  fixtureOperation,
  fixtureScenario,
  fixtureService,
} from '../../../../../test/support/simulation/scenario-fixture.js';
import type { Scenario } from '../../../scenario/scenario.types.js';
import { createSimulation, stepSimulation } from '../../simulation.js';
import type { ScrapeFrame } from '../telemetry.types.js';

function run(scenario: Scenario, steps: number) {
  const simulation = createSimulation(scenario);
  const { frames, sink } = keepFrames();
  for (let i = 0; i < steps; i++) stepSimulation(simulation, sink);
  const at = (seconds: number): ScrapeFrame =>
    frames.find(({ time }) => time === scenario.start + seconds * 1000) ?? frames.at(-1)!;
  return { simulation, frames, at };
}

describe('a database', () => {
  it('that fails over is down for that time, and has nothing to say but that', () => {
    const { at } = run(
      fixtureScenario({ faults: [fixtureFault({ kind: 'database-failover', target: { store: 'db' }, at: 60 })] }),
      120,
    );
    const primary = { instance: 'db-primary:9187' };
    expect(sumOf(at(60), 'pg_up', primary)).toBe(1);
    // The failover takes 30 s.
    expect(sumOf(at(75), 'pg_up', primary)).toBe(0);
    expect(sumOf(at(75), 'pg_stat_database_xact_commit', primary)).toBeNaN();
    expect(sumOf(at(75), 'up', primary)).toBe(1);
    expect(sumOf(at(105), 'pg_up', primary)).toBe(1);
    expect(sumOf(at(105), 'pg_stat_database_xact_commit', primary)).toBeGreaterThan(0);
    // One replica took over; its place is empty until it is rebuilt.
    expect(sumOf(at(105), 'pg_up')).toBe(2);
  });

  it('counts every transaction once, over all instances', () => {
    const { simulation, frames } = run(fixtureScenario(), 300);
    const { flows } = simulation.state;
    const { operations, stations } = simulation.fleet.network;
    let committed = 0;
    for (const { station, position } of operations) {
      if (!stations[station]!.name.startsWith('db.')) continue;
      committed += flows.ok[station * 8 * simulation.fleet.network.operationStride + position]!;
    }
    const told = sumOf(frames.at(-1)!, 'pg_stat_database_xact_commit');
    // Each station's fraction of a transaction waits for the next scrape.
    expect(committed - told).toBeGreaterThanOrEqual(-1e-6);
    expect(committed - told).toBeLessThan(2);
  });

  it('shows connections up to its limit', () => {
    const { frames } = run(fixtureScenario(), 60);
    const backends = sumOf(frames.at(-1)!, 'pg_stat_database_numbackends', { instance: 'db-primary:9187' });
    const states = sumOf(frames.at(-1)!, 'pg_stat_activity_count', { instance: 'db-primary:9187' });
    expect(states).toBe(backends);
    expect(sumOf(frames.at(-1)!, 'pg_settings_max_connections', { instance: 'db-primary:9187' })).toBe(200);
  });
});

describe('a queue', () => {
  it('has a lag that is the distance of its offsets, none of which falls', () => {
    const faults = [fixtureFault({ kind: 'consumer-stuck', target: { service: 'worker' }, at: 60, duration: 120 })];
    const { frames, at } = run(fixtureScenario({ faults }), 400);
    let before = 0;
    for (const frame of frames) {
      for (const partition of ['0', '1', '2', '3', '4', '5']) {
        const topic = sumOf(frame, 'kafka_topic_partition_current_offset', { partition });
        const group = sumOf(frame, 'kafka_consumergroup_current_offset', { partition });
        expect(sumOf(frame, 'kafka_consumergroup_lag', { partition })).toBe(topic - group);
      }
      const committed = sumOf(frame, 'kafka_consumergroup_current_offset');
      expect(committed).toBeGreaterThanOrEqual(before);
      before = committed;
    }
    // 50 orders a second, a fifth of them published.
    const stuck = sumOf(at(180), 'kafka_consumergroup_lag_sum', { consumergroup: 'worker' });
    expect(stuck).toBeGreaterThan(0.7 * 120 * 10);
    expect(stuck).toBeLessThan(1.3 * 120 * 10);
    expect(sumOf(frames.at(-1)!, 'kafka_consumergroup_lag_sum')).toBeLessThan(20);
  });
});

describe('a cache', () => {
  it('counts look-ups, and the fill after each miss', () => {
    const { simulation, frames } = run(fixtureScenario(), 120);
    const cache = Object.values(simulation.state.stores.caches)[0]!;
    const last = frames.at(-1)!;
    const hits = sumOf(last, 'redis_keyspace_hits_total');
    const misses = sumOf(last, 'redis_keyspace_misses_total');
    expect(hits).toBe(Math.floor(cache.hits + 1e-6));
    expect(sumOf(last, 'redis_commands_processed_total')).toBe(hits + 2 * misses);
    expect(hits / (hits + misses)).toBeCloseTo(0.9, 2);
  });

  it('that is replaced counts from 0', () => {
    const zone = fixtureFault({ kind: 'zone-loss', target: { zone: 'eu-a' }, at: 60, duration: 600 });
    const { simulation, at } = run(fixtureScenario({ faults: [zone] }), 180);
    const lookups = (seconds: number) =>
      sumOf(at(seconds), 'redis_keyspace_hits_total') + sumOf(at(seconds), 'redis_keyspace_misses_total');
    // 50 look-ups a second.
    expect(lookups(60)).toBeGreaterThan(2_700);
    expect(sumOf(at(90), 'redis_up')).toBe(0);
    expect(lookups(90)).toBeNaN();
    // Another instance serves 60 s after the loss.
    const { upAt } = Object.values(simulation.state.stores.caches)[0]!.instance;
    expect(upAt).toBe(120);
    expect(lookups(135)).toBeLessThan(15 * 60);
    expect(lookups(180) - lookups(135)).toBeGreaterThan(0);
    expect(sumOf(at(135), 'redis_cpu_user_seconds_total')).toBeLessThan(sumOf(at(60), 'redis_cpu_user_seconds_total'));
  });
});

describe('nodes', () => {
  it('spend every second of every CPU in one mode', () => {
    const { frames } = run(fixtureScenario(), 300);
    const last = frames.at(-1)!;
    for (const cpu of ['0', '1', '2', '3']) {
      expect(sumOf(last, 'node_cpu_seconds_total', { cpu, instance: 'eu-1-general-1' })).toBeCloseTo(300, 6);
    }
  });

  it('use the CPU that their pods use, and some of their own', () => {
    const { frames } = run(fixtureScenario(), 300);
    const last = frames.at(-1)!;
    const pods = sumOf(last, 'container_cpu_usage_seconds_total');
    const busy = ['user', 'system', 'softirq'].map((mode) => sumOf(last, 'node_cpu_seconds_total', { mode }));
    const own = busy.reduce((sum, value) => sum + value, 0) - pods;
    // 1.5 % of twelve cores.
    expect(own).toBeCloseTo(0.015 * 12 * 300, 6);
  });

  it('that are lost answer nothing, nor do their pods', () => {
    const faults = [fixtureFault({ kind: 'node-loss', target: { node: 'eu-1-general-1' }, at: 60, duration: 120 })];
    const { at } = run(fixtureScenario({ faults }), 150);
    const node = { instance: 'eu-1-general-1' };
    expect(sumOf(at(60), 'up', { job: 'node-exporter' })).toBe(3);
    expect(sumOf(at(90), 'up', { job: 'node-exporter' })).toBe(2);
    expect(sumOf(at(90), 'node_load1', node)).toBeNaN();
    expect(sumOf(at(90), 'up', { job: 'web' })).toBeLessThan(3);
  });
});

describe('probes', () => {
  it('succeed in calm, and show a certificate that will be renewed in time', () => {
    const { frames } = run(fixtureScenario(), 300);
    for (const frame of frames) {
      expect(sumOf(frame, 'probe_success')).toBe(1);
      expect(sumOf(frame, 'probe_ssl_earliest_cert_expiry') - frame.time / 1000).toBeGreaterThan(30 * 86_400);
    }
  });

  it('fail with an expired certificate, without an HTTP status', () => {
    const services = fixtureScenario().services.map((service) =>
      service.name === 'web' ? { ...service, certificateExpires: 60 } : service,
    );
    const { at } = run(fixtureScenario({ services }), 180);
    expect(sumOf(at(45), 'probe_success')).toBe(1);
    expect(sumOf(at(150), 'probe_success')).toBe(0);
    expect(sumOf(at(150), 'probe_http_status_code')).toBe(0);
    expect(sumOf(at(150), 'probe_ssl_earliest_cert_expiry')).toBe(fixtureScenario().start / 1000 + 60);
  });

  it('succeed again, and show another certificate, when all pods have loaded it', () => {
    const services = fixtureScenario().services.map((service) =>
      service.name === 'web' ? { ...service, certificateExpires: 60 } : service,
    );
    const changes = [{ kind: 'restart', service: 'web', at: 90 }] as const;
    const { at } = run(fixtureScenario({ services, changes }), 240);
    const left = (seconds: number) =>
      sumOf(at(seconds), 'probe_ssl_earliest_cert_expiry') - (fixtureScenario().start / 1000 + seconds);
    expect(left(75)).toBe(-15);
    expect(sumOf(at(240), 'probe_success')).toBe(1);
    expect(left(240)).toBeGreaterThan(0);
  });
});

describe('a deployment', () => {
  it('shows a rollout that stands still, and pods that are missing, as conditions', () => {
    const effects = {
      errorRatio: 0,
      latencyFactor: 1,
      cpuFactor: 1,
      leakPerRequest: 0,
      crashAfter: 0,
      neverReady: true,
    };
    const deploy = { kind: 'deploy', service: 'worker', version: '2.0.0', effects, at: 30 } as const;
    const crash = fixtureFault({ kind: 'crash-loop', target: { service: 'web' }, at: 60, duration: 60 });
    const { at } = run(fixtureScenario({ changes: [deploy], faults: [crash] }), 660);
    const condition = (seconds: number, deployment: string, name: string, status: string) =>
      sumOf(at(seconds), 'kube_deployment_status_condition', { deployment, condition: name, status });
    expect(condition(600, 'worker', 'Progressing', 'true')).toBe(1);
    expect(condition(645, 'worker', 'Progressing', 'true')).toBe(0);
    expect(condition(645, 'worker', 'Progressing', 'false')).toBe(1);
    expect(condition(645, 'worker', 'Available', 'true')).toBe(1);
    expect(condition(60, 'web', 'Available', 'true')).toBe(1);
    expect(condition(90, 'web', 'Available', 'false')).toBe(1);
    expect(condition(645, 'web', 'Progressing', 'true')).toBe(1);
  });
});

describe('containers', () => {
  it('are no targets before their image is there, and down until their port is open', () => {
    const startup = { pull: 40, start: 40, ready: 5 };
    const scenario = fixtureScenario();
    const services = scenario.services.map((service) =>
      service.name === 'worker' ? { ...service, startup } : service,
    );
    const effects = {
      errorRatio: 0,
      latencyFactor: 1,
      cpuFactor: 1,
      leakPerRequest: 0,
      crashAfter: 0,
      neverReady: false,
    };
    const deploy = { kind: 'deploy', service: 'worker', version: '2.0.0', effects, at: 31 } as const;
    const { at } = run({ ...scenario, services, changes: [deploy] }, 135);
    const fresh = { job: 'worker', version: '2.0.0' };
    // The image comes at 71 s, the port opens at 111 s.
    expect(sumOf(at(60), 'kube_pod_container_status_waiting_reason', { reason: 'ContainerCreating' })).toBeGreaterThan(
      0,
    );
    expect(sumOf(at(60), 'up', fresh)).toBeNaN();
    expect(sumOf(at(90), 'up', fresh)).toBe(0);
    expect(sumOf(at(120), 'up', fresh)).toBeGreaterThan(0);
  });

  it('never show more memory than their limit', () => {
    const scenario = fixtureScenario();
    const resources = { cpuRequest: 0.5, cpuLimit: 1, memoryRequest: 100e6, memoryLimit: 139e6 };
    const services = scenario.services.map((each) => ({ ...each, resources, memory: { base: 134e6, perRequest: 0 } }));
    const { frames } = run({ ...scenario, services }, 600);
    for (const { series, values } of frames)
      series.forEach((each, slot) => {
        if (each?.labels['__name__'] === 'container_memory_working_set_bytes' && !Number.isNaN(values[slot]))
          expect(values[slot]).toBeLessThanOrEqual(139e6);
      });
    expect(sumOf(frames.at(-1)!, 'kube_pod_container_status_restarts_total')).toBe(0);
  });

  it('use the CPU that requests cost, and are throttled only at their limit', () => {
    const busy = fixtureScenario({
      services: [
        fixtureService({ name: 'web', replicas: 2, operations: [fixtureOperation({ name: 'home', cpu: 0.01 })] }),
      ],
      stores: [],
    });
    const calm = run(busy, 300).frames.at(-1)!;
    // 50 requests a second of 10 ms, and 0.01 cores of each idle pod; noise of 2 %.
    const expected = 300 * (50 * 0.01 + 2 * 0.01);
    expect(sumOf(calm, 'container_cpu_usage_seconds_total') / expected).toBeGreaterThan(0.95);
    expect(sumOf(calm, 'container_cpu_usage_seconds_total') / expected).toBeLessThan(1.05);
    expect(sumOf(calm, 'container_cpu_cfs_periods_total')).toBe(2 * 3000);
    const calmShare = sumOf(calm, 'container_cpu_cfs_throttled_periods_total') / 6000;
    const load = busy.load.map((entry) => ({ ...entry, rate: 400 }));
    const overloaded = run({ ...busy, load }, 300).frames.at(-1)!;
    expect(sumOf(overloaded, 'container_cpu_cfs_throttled_periods_total') / 6000).toBeGreaterThan(0.8);
    expect(calmShare).toBeLessThan(0.4);
  });

  it('use no more than their limit under stress, and are throttled all the time', () => {
    const stress = fixtureFault({
      kind: 'cpu-stress',
      target: { service: 'web' },
      at: 60,
      duration: 600,
      settings: { cores: 2 },
    });
    const { at } = run(fixtureScenario({ faults: [stress] }), 361);
    const grown = (name: string) => sumOf(at(360), name, { pod }) - sumOf(at(60), name, { pod });
    const pod = at(60).series.find((each) => each?.labels['job'] === 'web')!.labels['pod']!;
    expect(grown('container_cpu_usage_seconds_total')).toBeCloseTo(300, 6);
    expect(grown('process_cpu_seconds_total')).toBeLessThan(100);
    expect(grown('container_cpu_cfs_throttled_periods_total')).toBeGreaterThan(0.98 * 3000);
  });

  it('hold what the model says that they hold', () => {
    const { frames } = run(fixtureScenario(), 60);
    const each = sumOf(frames.at(-1)!, 'container_memory_working_set_bytes', { container: 'worker' }) / 2;
    expect(each / 128e6).toBeGreaterThan(0.98);
    expect(each / 128e6).toBeLessThan(1.1);
    expect(sumOf(frames.at(-1)!, 'container_spec_memory_limit_bytes', { container: 'worker' })).toBe(2 * 512e6);
  });
});
