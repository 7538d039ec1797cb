import { describe, expect, it } from 'vitest';
import { issuesOf, parseText, small } from '../../../test/support/scenario/scenario-text.js';
import { parseChange } from './parse-change.js';
import { parseFault } from './parse-fault.js';

const scenario = parseText(small('faults: [{ kind: pod-kill, at: 1m, target: { service: web } }]\n'));
const mistakes = (parse: () => unknown) => issuesOf(parse).map(({ path, message }) => `${path}: ${message}`);

describe('what is asked of a running scenario', () => {
  it('is a fault without its time, under a name that is free', () => {
    expect(parseFault({ kind: 'pod-kill', target: { service: 'api' }, for: '5m' }, scenario)).toMatchObject({
      name: 'pod-kill-2',
      at: 0,
      duration: 300,
      target: { service: 'api' },
      settings: { interval: 0 },
    });
  });

  it.each([
    [
      { kind: 'pod-kil', target: { service: 'web' } },
      'kind: there is no kind of fault "pod-kil"; did you mean "pod-kill"?',
    ],
    [{ kind: 'pod-kill', target: { service: 'wb' } }, 'target.service: there is no service "wb"; did you mean "web"?'],
    [
      { kind: 'pod-kill', name: 'pod-kill', target: { service: 'web' } },
      'name: "pod-kill" is a fault of the scenario already',
    ],
    [{ kind: 'zone-loss', target: { zone: 'eu-x' } }, 'target.zone: there is no zone "eu-x"; did you mean "eu-a"?'],
    [
      { kind: 'node-loss', target: { node: 'gpu' } },
      'target.node: there is no node or node pool "gpu"; there is default',
    ],
  ])('refuses the fault %j', (input, message) => {
    expect(mistakes(() => parseFault(input, scenario))).toEqual([message]);
  });

  it('is a change without its time', () => {
    expect(parseChange({ scale: { service: 'web', replicas: 5 } }, scenario)).toEqual({
      kind: 'scale',
      service: 'web',
      replicas: 5,
    });
    expect(parseChange({ failover: 'db' }, scenario)).toEqual({ kind: 'failover', store: 'db' });
  });

  it.each([
    [{}, ': give exactly one of deploy, rollback, scale'],
    [{ scale: { service: 'web', replicas: -1 } }, 'scale.replicas: must be a whole number from 0 to 5000, not -1'],
    [{ restart: 'wb' }, 'restart: there is no service "wb"; did you mean "web"?'],
    [{ failover: 'cache' }, 'failover: there is no database "cache"; there is db'],
    [{ traffic: { weights: { 'eu-1': 0 } } }, 'traffic.weights: at least one cluster needs a weight above 0'],
  ])('refuses the change %j', (input, message) => {
    expect(mistakes(() => parseChange(input, scenario)).join('\n')).toContain(message);
  });

  it.each([null, 5, 'pod-kill', [], [[]], { kind: {} }])('refuses %j, which is neither', (input) => {
    expect(mistakes(() => parseFault(input, scenario)).length).toBeGreaterThan(0);
    expect(mistakes(() => parseChange(input, scenario)).length).toBeGreaterThan(0);
  });
});
