import { describe, expect, it } from 'vitest';
import type { Labels } from '../../../kernel/time-series.js';
import { advanceGroups, createGroups } from './advance-groups.js';
import { createCallGraph, learnCalls, type CallGraph } from './call-graph.js';
import { DEFAULT_GROUP_RULES, type GroupChange, type GroupRules, type GroupsState } from './groups.types.js';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 3, 14);
const at = (minutes: number) => START + minutes * MINUTE;

/** Groups of one environment; anomalies by a name of their own. */
class World {
  readonly state: GroupsState = createGroups();
  readonly graph: CallGraph = createCallGraph();
  readonly changes: GroupChange[] = [];
  private ids = 0;

  constructor(private readonly rules: GroupRules = { ...DEFAULT_GROUP_RULES, burstMs: 0 }) {}

  open(anomalyId: string, labels: Labels, minutes: number, score = 2): string {
    const opened = [{ anomalyId, labels, startedAt: at(minutes), score }];
    const changes = this.advance({ opened, ended: [] }, minutes);
    return changes.find(({ kind }) => kind === 'opened' || kind === 'joined')!.group.id;
  }

  end(anomalyId: string, minutes: number, score = 2): void {
    this.advance({ opened: [], ended: [{ anomalyId, endedAt: at(minutes), score }] }, minutes);
  }

  pass(minutes: number): GroupChange[] {
    return this.advance({ opened: [], ended: [] }, minutes);
  }

  private advance(news: Parameters<typeof advanceGroups>[1], minutes: number): GroupChange[] {
    const options = { rules: this.rules, graph: this.graph, newId: () => `g${(this.ids += 1)}` };
    const changes = advanceGroups(this.state, news, at(minutes), options);
    this.changes.push(...changes);
    return changes;
  }
}

const web = { __name__: 'http_requests_total', service: 'web', pod: 'web-1' };
const webCpu = { __name__: 'process_cpu_seconds_total', service: 'web', pod: 'web-2' };
const cart = { __name__: 'http_requests_total', service: 'cart' };
const database = { __name__: 'pg_up', service: 'cart-db' };

describe('groups of anomalies', () => {
  it('puts anomalies of one service together, whatever the pod or metric', () => {
    const world = new World();
    expect(world.open('a', web, 0)).toBe('g1');
    expect(world.open('b', webCpu, 30)).toBe('g1');
    expect(world.open('c', cart, 30)).toBe('g2');
    expect(world.state.groups[0]).toMatchObject({ anomalies: 2, open: ['a', 'b'], services: ['web'] });
  });

  it('joins what calls one another while it spreads, not for ever after', () => {
    const world = new World();
    learnCalls(world.graph, { service: 'web', peer: 'cart' });
    learnCalls(world.graph, { service: 'cart', pool: 'cart-db' });
    expect(world.open('a', database, 0)).toBe('g1');
    expect(world.open('b', cart, 2)).toBe('g1');
    expect(world.open('c', web, 6)).toBe('g1');
    // Web began six minutes after the database: it came over cart, as calls do.
    expect(world.state.groups[0]!.services).toEqual(['cart-db', 'cart', 'web']);
    expect(world.open('d', { service: 'search' }, 6)).toBe('g2');
    const later = new World();
    learnCalls(later.graph, { service: 'web', peer: 'cart' });
    later.open('a', cart, 0);
    expect(later.open('b', web, 6)).toBe('g2');
  });

  it('joins what runs on one node while it spreads', () => {
    const world = new World();
    world.open('a', { job: 'node-exporter', instance: 'node-1:9100' }, 0);
    expect(world.open('b', { ...cart, node: 'node-1' }, 1)).toBe('g1');
    expect(world.open('c', { ...web, node: 'node-2' }, 1)).toBe('g2');
  });

  it('takes what breaks at once for one cause, where nothing tells who calls whom', () => {
    const world = new World();
    const burst = new World({ ...DEFAULT_GROUP_RULES, burstMs: 30_000 });
    for (const each of [world, burst]) each.open('a', web, 0);
    expect(world.open('b', cart, 0.25)).toBe('g2');
    expect(burst.open('b', cart, 0.25)).toBe('g1');
    expect(burst.open('c', database, 1)).toBe('g2');
  });

  it('holds a group that flaps, and ends it when it stayed calm', () => {
    const world = new World();
    world.open('a', web, 0);
    world.end('a', 5);
    expect(world.state.groups[0]!.calmSince).toBe(at(5));
    expect(world.open('b', web, 12)).toBe('g1');
    world.end('b', 13);
    expect(world.pass(22)).toEqual([]);
    expect(world.pass(23)).toMatchObject([{ kind: 'ended', group: { id: 'g1', endedAt: at(13), anomalies: 2 } }]);
    expect(world.open('c', web, 24)).toBe('g2');
  });

  it('does not extend a group that was calm for the hold time, though nobody had told it yet', () => {
    const world = new World();
    world.open('a', web, 0);
    world.end('a', 5);
    expect(world.open('b', web, 15)).toBe('g2');
    expect(world.changes.map(({ kind }) => kind)).toEqual(['opened', 'left', 'opened', 'ended']);
  });

  it('knows its peak, also where that came with an end', () => {
    const world = new World();
    world.open('a', web, 0, 2);
    world.open('b', webCpu, 1, 3);
    world.end('a', 5, 9);
    expect(world.state.groups[0]).toMatchObject({ peakScore: 9, peakAnomalyId: 'a', open: ['b'] });
  });

  it('takes a probe from outside at its word about the service', () => {
    const world = new World();
    world.open('a', { ...web, cluster: 'eu', namespace: 'shop' }, 0);
    expect(world.open('b', { __name__: 'probe_success', job: 'blackbox', service: 'web' }, 9)).toBe('g1');
    expect(world.open('c', { ...web, cluster: 'us', namespace: 'shop' }, 9)).toBe('g2');
  });

  it('keeps services of two clusters apart', () => {
    const world = new World();
    world.open('a', { ...web, cluster: 'eu' }, 0);
    expect(world.open('b', { ...web, cluster: 'us' }, 1)).toBe('g2');
  });

  it('changes nothing for an anomaly that it has, nor for an end of one that it does not know', () => {
    const world = new World();
    world.open('a', web, 0);
    world.end('unknown', 1);
    expect(world.state.groups[0]).toMatchObject({ anomalies: 1, open: ['a'] });
  });

  it('goes on from its JSON', () => {
    const world = new World();
    world.open('a', web, 0);
    const copy = JSON.parse(JSON.stringify(world.state)) as GroupsState;
    expect(copy).toEqual(world.state);
  });
});
