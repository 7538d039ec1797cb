import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { SettableClock, SimulationProcess } from './support/application.js';
import { SMALL_SCENARIO } from './support/scenario.js';

describe('the API of simulations', () => {
  let database: TestDatabase;
  let process: SimulationProcess;
  const clock = new SettableClock();

  beforeAll(async () => {
    database = await createTestDatabase();
    process = await SimulationProcess.start(database.url, clock);
  });
  afterAll(async () => {
    await process?.close();
    await database?.close();
  });

  const create = (body: object, options: { token?: string; headers?: Record<string, string> } = {}) =>
    process.call('POST', 'simulations', { body, ...options });

  async function token(permissions: readonly string[], environmentId?: string): Promise<string> {
    const { body } = await process.call('POST', 'api-tokens', {
      body: { name: 'test', permissions, ...(environmentId && { environmentId }) },
    });
    return body.token;
  }

  it('refuses a scenario with the line and column of every mistake', async () => {
    const broken = SMALL_SCENARIO.replace('replicas: 2', 'replicas: -2').replace('rate: 20/s', 'rate: quick');
    const line = (text: string) => broken.slice(0, broken.indexOf(text)).split('\n').length;
    for (const path of ['simulations', 'simulation-runs', 'scenarios/validate']) {
      const answer = await process.call('POST', path, { body: { text: broken } });
      expect(answer, path).toMatchObject({ status: 400, body: { code: 'scenario.invalid' } });
      const places = answer.body.errors.map((issue: { line: number; column: number }) => [
        issue.line,
        issue.column > 0,
      ]);
      expect(places, path).toContainEqual([line('replicas: -2'), true]);
      expect(places, path).toContainEqual([line('rate: quick'), true]);
    }
  });

  it('says what is written and has no effect', async () => {
    const text = `${SMALL_SCENARIO}faults:\n  - { name: late, kind: cpu-stress, at: 1h, target: { service: web } }\n`;
    const answer = await process.call('POST', 'scenarios/validate', { body: { text } });
    expect(answer).toMatchObject({ status: 200, body: { name: expect.any(String) } });
    expect(answer.body.notes).toMatchObject([{ path: 'faults[0].at', line: text.split('\n').length - 1 }]);
  });

  it('reads no file outside the library', async () => {
    for (const include of ['../package.json', '/etc/hostname', 'fleets/../../package.json']) {
      const answer = await process.call('POST', 'scenarios/validate', {
        body: { text: `dsim: 1\nname: x\ntitle: X\nteaches: y\ninclude: ['${include}']\n` },
      });
      expect(answer, include).toMatchObject({ status: 400, body: { code: 'scenario.invalid' } });
      expect(answer.text).not.toContain('devops-simulator"');
    }
  });

  it('wants either a name of the library or a text', async () => {
    for (const body of [{}, { scenario: 'demo', text: SMALL_SCENARIO }]) {
      expect(await create(body)).toMatchObject({ status: 400, body: { errors: [{ path: 'scenario' }] } });
    }
    expect(await create({ scenario: 'no-such' })).toMatchObject({
      status: 404,
      body: { code: 'simulation.scenario_not_found' },
    });
    expect((await create({ scenario: '../demo' })).status).toBe(404);
    expect((await create({ text: SMALL_SCENARIO, series: ['{'] })).status).toBe(400);
    expect((await create({ text: SMALL_SCENARIO, speed: 601 })).status).toBe(400);
  });

  it('refuses a start whose samples would not be kept', async () => {
    const answer = await create({ text: SMALL_SCENARIO, historyHours: 24 * 30 });
    expect(answer).toMatchObject({ status: 400, body: { code: 'simulation.invalid_request' } });
    expect(answer.body.errors[0].path).toBe('historyHours');
    expect(
      (await create({ text: SMALL_SCENARIO, historyHours: 24 * 30, retentionDays: 40, paused: true })).status,
    ).toBe(201);
  });

  it('lists the library, and what a fault can be', async () => {
    const { body } = await process.call('GET', 'scenarios');
    const demo = body.items.find((item: { name: string }) => item.name === 'demo');
    expect(demo.teaches.length).toBeGreaterThan(40);
    expect(demo.services).toBeGreaterThan(10);
    expect((await process.call('GET', 'scenarios/demo')).body.text).toContain('dsim: 1');
    const faults = (await process.call('GET', 'faults')).body.items;
    expect(faults.find((item: { kind: string }) => item.kind === 'cpu-stress')).toMatchObject({
      targets: ['service'],
      settings: [{ name: 'cores', unit: 'cores' }],
    });
  });

  it('checks what is asked for against the scenario', async () => {
    const { body } = await create({ text: SMALL_SCENARIO, paused: true });
    const path = `simulations/${body.environmentId}`;
    const refused = async (to: string, asked: object, issue: string) => {
      const answer = await process.call('POST', `${path}/${to}`, { body: asked });
      expect(answer.status, JSON.stringify(asked)).toBe(400);
      expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(issue);
    };
    await refused('faults', { kind: 'cpu-stress', target: { service: 'nope' } }, 'target.service');
    await refused('faults', { kind: 'cpu-stress', target: {} }, 'target');
    await refused('faults', { kind: 'consumer-stuck', target: { service: 'web' } }, 'target.service');
    await refused(
      'faults',
      { kind: 'network-latency', target: { service: 'web', to: { store: 'db' } } },
      'target.to.store',
    );
    await refused('faults', { kind: 'node-loss', target: { node: 'no-such-3' } }, 'target.node');
    await refused('faults', { kind: 'traffic-surge', target: { entryPoint: 'nope' } }, 'target.entryPoint');
    await refused(
      'faults',
      { kind: 'cpu-stress', target: { service: 'web' }, settings: { cores: -1 } },
      'settings.cores',
    );
    await refused('faults', { kind: 'cpu-stress', target: { service: 'web' }, settings: { x: 1 } }, 'settings.x');
    await refused('faults', { kind: 'explosion' }, 'kind');
    await refused('changes', { kind: 'deploy', service: 'nope', version: 'v2' }, 'service');
    await refused('changes', { kind: 'failover', store: 'nope' }, 'store');
    // With the two pods of the other service more than simulation.maxPods.
    await refused('changes', { kind: 'scale', service: 'web', replicas: 10_000 }, 'replicas');
    await refused('changes', { kind: 'load', entryPoint: 'nope', factor: 2 }, 'entryPoint');
    await refused('step', { seconds: 0 }, 'seconds');

    const fault = { name: 'hot', kind: 'cpu-stress', target: { service: 'web' } };
    expect((await process.call('POST', `${path}/faults`, { body: fault })).status).toBe(202);
    await refused('faults', fault, 'name');
    expect((await process.call('DELETE', `${path}/faults/cold`)).body.code).toBe('simulation.fault_not_found');
    for (const change of [
      { kind: 'deploy', service: 'web', version: 'v2', effects: { errorRatio: 0.1 } },
      { kind: 'rollback', service: 'web' },
      { kind: 'scale', service: 'web', replicas: 5 },
      { kind: 'restart', service: 'api' },
      { kind: 'load', factor: 2 },
      { kind: 'traffic', weights: { main: 1 } },
    ]) {
      expect((await process.call('POST', `${path}/changes`, { body: change })).status, change.kind).toBe(202);
    }
    const { interventions } = (await process.call('GET', path)).body;
    expect(interventions.map((entry: { text: string }) => entry.text)).toContain('Deploy web v2');
    const audit = await database.query<{ action: string }>(
      `SELECT action FROM audit_entries WHERE environment_id = $1 ORDER BY action`,
      [body.environmentId],
    );
    expect(new Set(audit.map(({ action }) => action))).toEqual(
      new Set(['environments.create', 'simulation.change', 'simulation.create', 'simulation.inject-fault']),
    );
  });

  it('deletes the environment with it, once that is confirmed', async () => {
    const { body } = await create({ text: SMALL_SCENARIO, slug: 'short-lived', paused: true });
    const path = `simulations/${body.environmentId}`;
    expect((await process.call('DELETE', path)).body.code).toBe('environments.deletion_not_confirmed');
    expect((await process.call('DELETE', `${path}?confirm=short-lived`)).status).toBe(204);
    expect((await process.call('GET', path)).body.code).toBe('simulation.simulation_not_found');
    expect((await process.call('GET', `environments/${body.environmentId}`)).status).toBe(404);
  });

  it('lets only those act who may', async () => {
    const { body } = await create({ text: SMALL_SCENARIO, slug: 'guarded', paused: true });
    const other = (await create({ text: SMALL_SCENARIO, slug: 'other', paused: true })).body.environmentId as string;
    const id = body.environmentId as string;
    const reader = await token(['simulation:read']);
    const stranger = await token(['incidents:read']);
    const bound = await token(['simulation:read', 'simulation:control', 'telemetry:read'], id);

    expect((await process.call('GET', `simulations/${id}`, { token: reader })).status).toBe(200);
    expect((await process.call('GET', `simulations/${id}`, { token: stranger })).status).toBe(403);
    expect((await process.call('GET', 'scenarios', { token: stranger })).status).toBe(403);
    for (const [method, path, asked] of [
      ['POST', 'simulations', { text: SMALL_SCENARIO }],
      ['PATCH', `simulations/${id}`, { paused: true }],
      ['POST', `simulations/${id}/step`, { seconds: 1 }],
      ['POST', `simulations/${id}/faults`, { kind: 'cpu-stress', target: { service: 'web' } }],
      ['DELETE', `simulations/${id}/faults/x`, undefined],
      ['POST', `simulations/${id}/changes`, { kind: 'restart', service: 'web' }],
      ['DELETE', `simulations/${id}?confirm=guarded`, undefined],
      ['POST', 'simulation-runs', { text: SMALL_SCENARIO }],
    ] as const) {
      const answer = await process.call(method, path, { token: reader, ...(asked && { body: asked }) });
      expect(answer.status, `${method} ${path}`).toBe(403);
    }
    expect((await process.call('GET', `simulations/${id}`, { token: bound })).status).toBe(200);
    expect((await process.call('GET', `simulations/${other}`, { token: bound })).status).toBe(403);
    expect((await process.call('GET', `environments/${other}/metrics`, { token: bound })).status).toBe(403);
    const listed = (await process.call('GET', 'simulations', { token: bound })).body.items;
    expect(listed.map((item: { slug: string }) => item.slug)).toEqual(['guarded']);
    expect((await create({ text: SMALL_SCENARIO }, { token: bound })).status).toBe(403);
    expect((await process.call('GET', 'simulation-runs', { token: bound })).status).toBe(403);
  });

  it('pages', async () => {
    const first = (await process.call('GET', 'simulations?limit=1')).body;
    expect(first.items).toHaveLength(1);
    const second = (await process.call('GET', `simulations?limit=1&cursor=${first.nextCursor}`)).body;
    expect(second.items[0].environmentId).not.toBe(first.items[0].environmentId);
    expect((await process.call('GET', 'simulations?cursor=nonsense')).body.code).toBe('http.invalid_cursor');
  });

  it('runs a scenario as a job, with progress and a report', async () => {
    const text = `${SMALL_SCENARIO}expect:\n  - { entry: users, errorRatio: at most 5% }\n`;
    const asked = { body: { text, hours: 0.1, seed: 3 }, headers: { 'idempotency-key': 'release-17' } };
    const created = await process.call('POST', 'simulation-runs', asked);
    expect(created, created.text).toMatchObject({ status: 202, body: { simulatedSeconds: 360, seed: 3 } });
    const path = `simulation-runs/${created.body.id}`;
    const run = await eventually('the run is finished', async () => {
      const { body } = await process.call('GET', path);
      return body.state === 'finished' ? body : undefined;
    });
    expect(run).toMatchObject({ percent: 100, doneSeconds: 360, passed: true, reason: null });

    const report = (await process.call('GET', `${path}/report`)).body;
    expect(report).toMatchObject({ verdict: 'pass', run: { seed: 3, seconds: 360 }, scenario: { name: 'small' } });
    expect(report.totals.offered).toBeGreaterThan(5_000);
    const xml = await process.call('GET', `${path}/junit`);
    expect(xml.headers['content-type']).toBe('application/xml; charset=utf-8');
    expect(xml.text).toContain('<testsuite name="small" tests="1" failures="0"');

    // The same key is the same run, also in a process that does not remember the first answer.
    const other = await SimulationProcess.start(database.url, clock);
    expect((await other.call('POST', 'simulation-runs', asked)).body.id).toBe(created.body.id);
    await other.close();
    const [count] = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM simulation_runs`);
    expect(count!.count).toBe(1);
    expect((await process.call('POST', `${path}/cancel`)).body.state).toBe('finished');
  });

  it('cancels a run', async () => {
    clock.time += 1_000;
    const created = await process.call('POST', 'simulation-runs', { body: { text: SMALL_SCENARIO, hours: 700 } });
    const path = `simulation-runs/${created.body.id}`;
    await eventually('it has begun', async () => (await process.call('GET', path)).body.state === 'running');
    expect((await process.call('POST', `${path}/cancel`)).body.state).toBe('cancelled');
    expect((await process.call('GET', `${path}/report`)).body.code).toBe('simulation.run_has_no_report');
    const [newest] = (await process.call('GET', 'simulation-runs?limit=1')).body.items;
    expect(newest.id).toBe(created.body.id);
  });
});
