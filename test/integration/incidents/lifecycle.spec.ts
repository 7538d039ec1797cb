import { getToken } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IncidentSnapshots } from '../../../src/modules/incidents/data/incident.snapshots.js';
import { ACTIVE_INCIDENTS } from '../../../src/modules/incidents/incidents.metrics.js';
import { Database } from '../../../src/platform/database/database.js';
import { until } from '../queue/harness.js';
import { IncidentWorld, MINUTE, START } from './support/world.js';

describe('the life of an incident', () => {
  let world: IncidentWorld;
  beforeAll(async () => {
    world = await IncidentWorld.create({ calmMinutes: 5, gapMinutes: 5, reopenMinutes: 30, staleHoldMinutes: 20 });
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  async function only() {
    const [incident, ...others] = await world.list();
    expect(others).toEqual([]);
    return incident!;
  }

  it('resolves by itself when all anomalies ended and it has been calm', async () => {
    await world.detect({ id: 'a', from: 1 });
    await world.detect({ id: 'b', from: 2, seriesId: 2 });
    await world.end({ id: 'a', from: 1, to: 5 });
    await world.resolveCalm(60);
    expect((await only()).status).toBe('open');
    await world.end({ id: 'b', from: 2, to: 58, seriesId: 2 });
    await world.resolveCalm(62.9);
    expect((await only()).status).toBe('open');
    await world.resolveCalm(63);
    expect(await only()).toMatchObject({
      status: 'resolved',
      resolution: 'calm',
      resolvedAt: new Date(START + 63 * MINUTE).toISOString(),
    });
    await world.resolveCalm(64);
    expect(world.bus.types().filter((type) => type === 'resolved')).toHaveLength(1);
    const { timeline } = await world.incidents.detail((await only()).incidentId, null);
    expect(timeline.at(-1)!.text).toBe('Resolved by itself: no anomaly for 5 min (5 min are enough)');
  });

  it('waits longer where series fell silent, and says that nobody saw them recover', async () => {
    await world.end({ id: 'a', from: 1, to: 2, reason: 'stale' });
    await world.resolveCalm(26.9);
    expect((await only()).status).toBe('open');
    await world.resolveCalm(27);
    const incident = await only();
    expect(incident.status).toBe('resolved');
    const { timeline } = await world.incidents.detail(incident.incidentId, null);
    expect(timeline.at(-1)!.text).toContain('1 series stopped sending, so nobody saw it recover');
  });

  it('reopens for a related anomaly soon after, acknowledged as it was', async () => {
    await world.end({ id: 'a', from: 1, to: 2 });
    await world.actions.acknowledge((await only()).incidentId, world.principal('alice'));
    await world.resolveCalm(10);
    await world.detect({ id: 'b', from: 40 });
    const incident = await only();
    expect(incident).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: 'alice',
      resolvedAt: null,
      resolution: null,
      anomalyCount: 2,
    });
    expect(world.bus.types()).toEqual(['opened', 'acknowledged', 'resolved', 'updated']);
    const { timeline } = await world.incidents.detail(incident.incidentId, null);
    expect(timeline.find((entry) => entry.kind === 'reopened')?.text).toBe(
      'Reopened: a related anomaly began 30 min after it had resolved by itself',
    );
  });

  it('opens a new one for a related anomaly later than that', async () => {
    await world.end({ id: 'a', from: 1, to: 2 });
    await world.resolveCalm(10);
    await world.detect({ id: 'b', from: 40.1 });
    expect((await world.list()).map((incident) => incident.status)).toEqual(['open', 'resolved']);
  });

  it('keeps an acknowledgement when evidence is added', async () => {
    await world.detect({ from: 1 });
    await world.actions.acknowledge((await only()).incidentId, world.principal('alice'), 'looking');
    await world.detect({ from: 2, seriesId: 2 });
    expect(await only()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'alice', anomalyCount: 2 });
  });

  it('acknowledges once, however often and by whomever it is asked', async () => {
    await world.detect({ from: 1 });
    const { incidentId } = await only();
    await Promise.all(
      ['alice', 'bob', 'carol'].map((name) => world.actions.acknowledge(incidentId, world.principal(name))),
    );
    expect(world.bus.types()).toEqual(['opened', 'acknowledged']);
    expect(world.audit.entries.map((entry) => entry.action)).toEqual(['incidents.acknowledge']);
    const first = (await only()).acknowledgedBy;
    expect(['alice', 'bob', 'carol']).toContain(first);
    await world.actions.acknowledge(incidentId, world.principal('dora'), 'I help');
    expect((await only()).acknowledgedBy).toBe(first);
    const { timeline } = await world.incidents.detail(incidentId, null);
    expect(timeline.at(-1)).toMatchObject({ kind: 'note', actor: 'dora', text: 'I help' });
  });

  it('lets one of several resolve it, and tells the others who did', async () => {
    await world.detect({ from: 1 });
    const { incidentId, number } = await only();
    const results = await Promise.allSettled(
      ['alice', 'bob'].map((name) => world.actions.resolve(incidentId, world.principal(name))),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]!.reason).toMatchObject({ code: 'incidents.already_resolved', kind: 'conflict' });
    expect(String(refused[0]!.reason)).toMatch(
      new RegExp(`Incident ${number} was already resolved by (alice|bob) at 2026-`),
    );
    await expect(world.actions.acknowledge(incidentId, world.principal())).rejects.toMatchObject({
      code: 'incidents.already_resolved',
    });
    expect(world.bus.types()).toEqual(['opened', 'resolved']);
    expect(world.audit.entries).toEqual([
      expect.objectContaining({
        action: 'incidents.resolve',
        subjectId: incidentId,
        environmentId: world.environment.id,
        outcome: 'allowed',
      }),
    ]);
  });

  it('respects what a person resolved: its anomalies may end, a new one opens a new incident', async () => {
    await world.detect({ id: 'a', from: 1 });
    world.clock.time = START + 3 * MINUTE;
    await world.actions.resolve((await only()).incidentId, world.principal());
    await world.end({ id: 'a', from: 1, to: 4 });
    expect(await only()).toMatchObject({ status: 'resolved', resolution: 'user' });
    await world.end({ id: 'late', from: 1, to: 2, seriesId: 3 });
    expect(await only()).toMatchObject({ status: 'resolved', anomalyCount: 2 });
    await world.detect({ id: 'b', from: 5 });
    expect((await world.list()).map((incident) => incident.status)).toEqual(['open', 'resolved']);
  });

  it('takes "mitigated" back when something is off again', async () => {
    await world.detect({ id: 'a', from: 1 });
    const { incidentId } = await only();
    await world.actions.mitigate(incidentId, world.principal('alice'), 'traffic moved');
    expect((await only()).status).toBe('mitigated');
    await world.end({ id: 'a', from: 1, to: 2 });
    expect((await only()).status).toBe('mitigated');
    await world.detect({ id: 'b', from: 3, seriesId: 2 });
    expect((await only()).status).toBe('open');
  });

  it('hides incidents of other environments from a bound principal', async () => {
    await world.detect({ from: 1 });
    const { incidentId } = await only();
    const bound = world.principal('token', world.other.id);
    await expect(world.actions.resolve(incidentId, bound)).rejects.toMatchObject({
      code: 'incidents.incident_not_found',
    });
    await expect(world.incidents.detail(incidentId, world.other.id)).rejects.toMatchObject({
      code: 'incidents.incident_not_found',
    });
    await world.actions.resolve(incidentId, world.principal('token', world.environment.id));
  });

  it('lists by status, severity and environment, a page at a time', async () => {
    for (let index = 0; index < 5; index++)
      await world.detect({ from: 1, seriesId: index, labels: {}, score: index === 0 ? 5 : 1.5 });
    await world.detect({ from: 1, seriesId: 9, environmentId: world.other.id });
    const all = await world.list();
    await world.actions.resolve(all[5]!.incidentId, world.principal());

    const first = await world.incidents.page({ limit: 2, environmentId: world.environment.id });
    const second = await world.incidents.page({
      limit: 3,
      environmentId: world.environment.id,
      cursor: first.nextCursor!,
    });
    expect([...first.items, ...second.items].map((item) => item.number)).toEqual(
      all.slice(1).map((item) => item.number),
    );
    expect(second.nextCursor).toBeNull();
    const found = await world.incidents.page({ limit: 9, status: ['resolved', 'mitigated'], severity: ['warning'] });
    expect(found.items.map((item) => item.number)).toEqual([all[5]!.number]);
    await expect(world.incidents.page({ limit: 1, cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'http.invalid_cursor',
    });
    await expect(
      world.incidents.page({ limit: 1, cursor: Buffer.from('[9007199254740991]').toString('base64url') }),
    ).rejects.toMatchObject({ kind: 'invalid' });
    await expect(
      world.incidents.page({ limit: 1, cursor: Buffer.from('["x"]').toString('base64url') }),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('offers active incidents and the newly resolved to notifiers, and counts the active by severity', async () => {
    await world.detect({ from: 1, seriesId: 1, labels: {} });
    await world.detect({ from: 1, seriesId: 2, labels: {} });
    const [active, gone] = await world.list();
    world.clock.time = START + 10 * MINUTE;
    await world.actions.resolve(gone!.incidentId, world.principal());
    const reader = world.app.get(IncidentSnapshots);
    expect((await reader.active(new Date(START + 9 * MINUTE))).map((item) => item.number)).toEqual([
      gone!.number,
      active!.number,
    ]);
    expect((await reader.active(new Date(START + 10 * MINUTE))).map((item) => item.number)).toEqual([active!.number]);
    expect((await reader.find(gone!.incidentId))?.status).toBe('resolved');
    expect(await reader.find('00000000-0000-7000-8000-000000000000')).toBeUndefined();
    const { values } = await world.app.get<Gauge>(getToken(ACTIVE_INCIDENTS)).get();
    expect(values.map((entry) => [entry.labels.severity, entry.value])).toEqual([
      ['critical', 0],
      ['error', 0],
      ['warning', 0],
      ['info', 1],
    ]);
  });

  it('goes with its environment', async () => {
    await world.detect({ from: 1, environmentId: world.other.id });
    await world.database.query('DELETE FROM environments_environments WHERE id = $1', [world.other.id]);
    expect(await world.list()).toEqual([]);
    expect(await world.database.query('SELECT 1 FROM incidents_evidence')).toEqual([]);
    expect(await world.database.query('SELECT 1 FROM incidents_timeline')).toEqual([]);
  });

  it('is not found by who acts while its environment is being deleted', async () => {
    await world.detect({ from: 1 });
    const { incidentId } = await only();
    const database = world.app.get(Database);
    let acting: Promise<void> | undefined;
    await database.transaction(async (tx) => {
      await database.lock(tx, `incidents.environment.${world.environment.id}`);
      acting = world.actions.acknowledge(incidentId, world.principal('alice'));
      acting.catch(() => undefined);
      await until(
        () =>
          tx.query<{ n: number }[]>(
            `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          ),
        ([row]) => row!.n === 1,
      );
      await tx.query('DELETE FROM environments_environments WHERE id = $1', [world.environment.id]);
    });
    await expect(acting).rejects.toMatchObject({ code: 'incidents.incident_not_found' });
  });
});
