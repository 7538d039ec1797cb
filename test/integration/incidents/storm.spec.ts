import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PruneIncidentsProcessor } from '../../../src/modules/incidents/jobs/prune-incidents.processor.js';
import { IncidentWorld, MINUTE, START } from './support/world.js';

const DAY = 24 * 60;

describe('many anomalies at once', () => {
  let world: IncidentWorld;
  beforeAll(async () => {
    world = await IncidentWorld.create({ keepDays: 30 });
  });
  afterAll(() => world.close());
  beforeEach(() => world.reset());

  async function timelineOf(incidentId: string) {
    return (await world.incidents.detail(incidentId, null)).timeline;
  }

  it('become one incident that is published once, with counts over all of them', async () => {
    for (let index = 0; index < 250; index++) {
      await world.hear({ from: 1, seriesId: index, score: 1 + index / 10, metric: index % 2 ? 'up' : 'node_load1' });
    }
    expect(await world.list()).toEqual([]);
    expect(world.jobs.enqueued[0]).toEqual({
      job: 'group-anomalies',
      payload: { environmentId: world.environment.id },
    });
    expect(await world.group()).toBe(250);
    const [incident, ...others] = await world.list();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      severity: 'critical',
      anomalyCount: 250,
      title: 'Availability and load on host-1: 250 series off their expected band since 14:01 UTC',
    });
    expect(incident!.evidence.map(({ score }) => score)).toEqual(
      Array.from({ length: 10 }, (_, index) => expect.closeTo(25.9 - index / 10)),
    );
    expect(world.bus.types()).toEqual(['opened']);

    for (let index = 0; index < 250; index++) await world.hearEnd({ from: 1, to: 2, seriesId: index });
    for (let index = 250; index < 300; index++) await world.hear({ from: 1, seriesId: index });
    await world.group();
    expect(world.bus.types()).toEqual(['opened', 'updated']);
    expect((await world.list())[0]!.anomalyCount).toBe(550);
    expect(await world.group()).toBe(0);
    expect(world.bus.types()).toEqual(['opened', 'updated']);
  });

  it('are told one by one up to a point, then counted', async () => {
    for (let index = 0; index < 230; index++) await world.hear({ from: 1, seriesId: index, score: 2 });
    await world.group();
    const { incidentId } = (await world.list())[0]!;
    const first = await timelineOf(incidentId);
    expect(first.map(({ kind }) => kind).filter((kind) => kind === 'opened')).toHaveLength(1);
    expect(first).toHaveLength(1 + 200 + 1);
    expect(first.at(-1)!.text).toBe('30 more anomalies began until 14:01:00 UTC, with peak scores up to 2.0');
    await world.detect({ from: 3, seriesId: 500, score: 9 });
    const second = await timelineOf(incidentId);
    expect(second.filter(({ kind }) => kind === 'evidence-added')).toHaveLength(201);
    expect(second.filter(({ kind }) => kind === 'evidence-added').at(-1)!.text).toBe(
      '31 more anomalies began until 14:03:00 UTC, with peak scores up to 9.0',
    );
    expect((await world.incidents.detail(incidentId, null)).evidence).toHaveLength(231);
  });

  it('of one series that flaps are one entry after the third', async () => {
    for (let index = 0; index < 20; index++) {
      await world.detect({ id: `flap-${index}`, from: index, score: 2 + index / 10 });
      await world.end({ id: `flap-${index}`, from: index, to: index + 0.5, score: 2 + index / 10 });
    }
    const [incident] = await world.list();
    const timeline = await timelineOf(incident!.incidentId);
    expect(timeline.filter(({ kind }) => kind.startsWith('evidence')).map(({ kind }) => kind)).toEqual([
      'evidence-added',
      'evidence-ended',
      'evidence-added',
      'evidence-ended',
      'evidence-added',
      'evidence-ended',
      'evidence-added',
    ]);
    expect(timeline.filter(({ kind }) => kind === 'evidence-added').at(-1)!.text).toBe(
      'node_load1{instance="host-1:9100",job="node"} again, 17 times until 14:19:30 UTC, with a peak score of 3.9',
    );
    expect(incident!.anomalyCount).toBe(20);
  });

  it('give the same in one batch as one by one', async () => {
    const hosts = ['host-1', 'host-2', 'host-3'].map((instance) => ({ instance }));
    const news = (prefix: string) => [
      () => world.hear({ id: `${prefix}a`, from: 1, labels: hosts[0]!, seriesId: 1 }),
      () => world.hear({ id: `${prefix}b`, from: 1, labels: hosts[1]!, seriesId: 2 }),
      () => world.hear({ id: `${prefix}c`, from: 1, labels: hosts[2]!, seriesId: 3 }),
      () => world.hearEnd({ id: `${prefix}d`, from: 2, to: 3, labels: { ...hosts[1], service: 'web' }, seriesId: 4 }),
      () => world.hear({ id: `${prefix}d`, from: 2, labels: { ...hosts[1], service: 'web' }, seriesId: 4 }),
      () => world.hear({ id: `${prefix}e`, from: 3, labels: { ...hosts[0], service: 'web' }, seriesId: 5, score: 12 }),
      () => world.hearEnd({ id: `${prefix}a`, from: 1, to: 4, labels: hosts[0]!, seriesId: 1, score: 7 }),
      () => world.hear({ id: `${prefix}b`, from: 1, labels: hosts[1]!, seriesId: 2 }),
    ];
    const outcome = async () => {
      const incidents = (await world.list()).filter(({ resolution }) => resolution !== 'merged');
      return Promise.all(
        incidents.map(async ({ incidentId, title, severity, status, startedAt, sharedLabels }) => {
          const { incident, evidence } = await world.incidents.detail(incidentId, null);
          const known = evidence.map(({ anomalyId, score, endedAt }) => [anomalyId.at(-1), score, endedAt]);
          return { title, severity, status, startedAt, sharedLabels, reach: incident.reach, known: known.sort() };
        }),
      );
    };
    for (const tell of news('1')) {
      await tell();
      await world.group();
    }
    const oneByOne = await outcome();
    expect(world.bus.types()).toContain('resolved');
    await world.reset();
    for (const tell of news('2')) await tell();
    await world.group();
    expect(await outcome()).toEqual(oneByOne);
    // What the batch itself opened and merged was never an incident of its own.
    expect(world.bus.types()).toEqual(['opened', 'opened']);
    expect(await world.list()).toHaveLength(2);
  });

  it('are all still there when grouping fails half-way', async () => {
    for (let index = 0; index < 3; index++) await world.hear({ from: 1, seriesId: index });
    world.bus.failNext = true;
    await expect(world.group()).rejects.toThrow('connection lost');
    expect(await world.list()).toEqual([]);
    world.jobs.enqueued.length = 0;
    await world.resolveCalm(1);
    expect(world.jobs.enqueued).toEqual([{ job: 'group-anomalies', payload: { environmentId: world.environment.id } }]);
    await world.group();
    expect((await world.list())[0]!.anomalyCount).toBe(3);
  });

  it('hold back the resolve of an incident that they may belong to', async () => {
    await world.end({ id: 'a', from: 1, to: 2 });
    await world.hear({ id: 'b', from: 3, seriesId: 2 });
    await world.resolveCalm(20);
    expect((await world.list())[0]!.status).toBe('open');
    await world.group();
    await world.end({ id: 'b', from: 3, to: 4, seriesId: 2 });
    await world.resolveCalm(21);
    expect((await world.list())[0]!.status).toBe('resolved');
  });

  it('are forgotten with their incident long after it was resolved', async () => {
    const prune = () => world.app.get(PruneIncidentsProcessor).process({}, { signal: new AbortController().signal });
    for (let index = 0; index < 130; index++) {
      await world.hearEnd({ from: 1, to: 2, seriesId: index, labels: {} });
    }
    await world.hear({ from: 1, seriesId: 900, labels: {} });
    await world.group();
    await world.resolveCalm(10);
    world.clock.time = START + (10 + 30 * DAY) * MINUTE;
    await prune();
    expect(await world.database.query('SELECT 1 FROM incidents_incidents')).toHaveLength(131);
    world.clock.time += 1;
    await prune();
    expect((await world.list()).map(({ status }) => status)).toEqual(['open']);
    expect(await world.database.query('SELECT 1 FROM incidents_evidence')).toHaveLength(1);
    expect(await world.database.query('SELECT DISTINCT incident_id FROM incidents_timeline')).toHaveLength(1);
  });
});
