import { describe, expect, it } from 'vitest';
import { complaints, parseText, small } from '../../../test/support/scenario/scenario-text.js';
import {
  FAULT_KINDS,
  type FaultKind,
  type FaultKindDefinition,
  type FaultSetting,
  type FaultTargetKind,
} from './fault.types.js';

/** What each kind of target is called in the small scenario. */
const TARGETS: Readonly<Record<FaultTargetKind, string>> = {
  service: '{ service: web }',
  store: '{ store: db }',
  node: '{ node: default }',
  zone: '{ zone: eu-a }',
  region: '{ region: eu }',
  cloud: '{ cloud: aws }',
  cluster: '{ cluster: eu-1 }',
  link: '{ service: web, to: { service: api } }',
  entry: '{ entry: users }',
};

/** Kinds that need a particular component of their kind of target. */
const PARTICULAR: Readonly<Partial<Record<FaultKind, string>>> = {
  'cache-flush': '{ store: cache }',
  'consumer-stuck': '{ service: worker }',
};

const KINDS = Object.entries<FaultKindDefinition>(FAULT_KINDS) as [FaultKind, FaultKindDefinition][];
const SETTINGS = KINDS.flatMap(([kind, { settings }]) =>
  Object.entries<FaultSetting>(settings).map(([name, setting]) => ({ kind, name, setting })),
);

function targetOf(kind: FaultKind): string {
  return PARTICULAR[kind] ?? TARGETS[FAULT_KINDS[kind].targets[0]];
}

function faultOf(kind: FaultKind, more = '', target = targetOf(kind)): string {
  return small(`faults: [{ kind: ${kind}, at: 1m, target: ${target}${more} }]\n`);
}

/** A value as a user writes it in the unit of the setting. */
function written({ unit }: FaultSetting, value: number): string {
  if (unit === 'seconds') return `${value}s`;
  return unit === 'ratio' ? `${value * 100}%` : String(value);
}

describe('the list of faults', () => {
  it('has the vocabulary of the issue: 29 kinds', () => {
    expect(KINDS).toHaveLength(29);
  });

  it.each(KINDS)('%s parses with the defaults of its settings', (kind, { settings }) => {
    const [fault] = parseText(faultOf(kind)).faults;
    const defaults = Object.fromEntries(
      Object.entries<FaultSetting>(settings).map(([name, setting]) => [name, setting.default]),
    );
    expect(fault).toMatchObject({ name: kind, kind, at: 60, duration: Infinity, ramp: 0, intensity: 1 });
    expect(fault?.settings).toEqual(defaults);
  });

  it.each(KINDS.flatMap(([kind, { targets }]) => targets.map((target) => [kind, target] as const)))(
    '%s acts on a %s',
    (kind, target) => {
      const text = faultOf(kind, '', target === FAULT_KINDS[kind].targets[0] ? targetOf(kind) : TARGETS[target]);
      expect(complaints(text)).toEqual([]);
    },
  );

  it.each(KINDS)('%s acts on nothing else', (kind, { targets }) => {
    const accepted: readonly FaultTargetKind[] = targets;
    for (const [target, text] of Object.entries(TARGETS) as [FaultTargetKind, string][]) {
      const linkEnd = accepted.includes('link') && target !== 'entry';
      if (accepted.includes(target) || linkEnd) continue;
      expect(complaints(faultOf(kind, '', text)).join()).toContain(`${kind} acts on `);
    }
  });

  it.each(SETTINGS)('$kind takes $name from its least to its most', ({ kind, name, setting }) => {
    for (const value of [setting.min, setting.max, setting.default]) {
      const [fault] = parseText(faultOf(kind, `, ${name}: ${written(setting, value)}`)).faults;
      expect(fault?.settings[name]).toBeCloseTo(value, 9);
    }
  });

  it.each(SETTINGS)(
    '$kind refuses $name outside of its range, in another unit and misspelt',
    ({ kind, name, setting }) => {
      const at = `faults[0].${name}: must be`;
      expect(complaints(faultOf(kind, `, ${name}: ${written(setting, setting.max * 2 + 1)}`)).join()).toContain(at);
      expect(complaints(faultOf(kind, `, ${name}: ${written(setting, setting.min - 1)}`)).join()).toContain(at);
      expect(complaints(faultOf(kind, `, ${name}: much`)).join()).toContain(at);
      expect(complaints(faultOf(kind, `, ${name}x: 1`)).join()).toContain(`did you mean "${name}"?`);
    },
  );

  it('keeps start, length, ramp, intensity and the share of the target', () => {
    const text = small(
      'faults: [{ kind: cpu-stress, name: hot, at: 1h30m, for: 10m, ramp: 2m, intensity: 40%, target: { service: web, version: "2", share: 25% }, cores: 1500m }]\n',
    );
    expect(parseText(text).faults).toEqual([
      {
        name: 'hot',
        kind: 'cpu-stress',
        at: 5400,
        duration: 600,
        ramp: 120,
        intensity: 0.4,
        target: { service: 'web', version: '2', share: 0.25 },
        settings: { cores: 1.5 },
      },
    ]);
  });

  it('acts on all entry points where it names none', () => {
    expect(parseText(small('faults: [{ kind: traffic-surge, at: 1m }]\n')).faults[0]?.target).toEqual({});
  });

  it('numbers faults of one kind that have no names', () => {
    const item = '{ kind: pod-kill, at: 1m, target: { service: web } }';
    expect(parseText(small(`faults: [${item}, ${item}]\n`)).faults.map(({ name }) => name)).toEqual([
      'pod-kill',
      'pod-kill-2',
    ]);
  });
});
