import { describe, expect, it } from 'vitest';
import type { ConfigurationIssue } from '../config/configuration-error.js';
import type { Environment } from '../config/environment.js';
import type { ModuleDefinition, Profile } from './module-definition.js';
import { flagOf, resolveFeatures, type ResolvedFeatures } from './resolve-features.js';

const module = (id: string, more: Partial<ModuleDefinition> = {}): ModuleDefinition => ({
  id,
  title: id,
  description: id,
  tier: 3,
  stage: 'stable',
  toggleable: true,
  enabledIn: ['production', 'development', 'experimental'],
  dependsOn: [],
  load: () => Promise.reject(new Error('not loaded in this spec')),
  ...more,
});

const CATALOGUE = [
  module('core', { toggleable: false }),
  module('base-part'),
  module('middle', { dependsOn: ['base-part'] }),
  module('top', { dependsOn: ['middle'] }),
  module('lab', { tier: 4, stage: 'experimental', enabledIn: ['experimental'], dependsOn: ['core'] }),
];

function resolve(
  env: Environment,
  profile: Profile = 'development',
): ResolvedFeatures & { issues: ConfigurationIssue[]; reason: (id: string) => string | undefined } {
  const issues: ConfigurationIssue[] = [];
  const resolved = resolveFeatures(CATALOGUE, profile, env, issues);
  return { ...resolved, issues, reason: (id) => resolved.registry.find(id)?.reason };
}

describe('resolveFeatures', () => {
  it('names the flag after the module', () => {
    expect(flagOf('anomaly-detection')).toBe('FEATURE_ANOMALY_DETECTION');
  });

  it('gives the profile defaults, with the reason', () => {
    const { registry, issues, reason } = resolve({});
    expect(registry.list().map(({ id, enabled }) => [id, enabled])).toEqual([
      ['core', true],
      ['base-part', true],
      ['middle', true],
      ['top', true],
      ['lab', false],
    ]);
    expect(reason('top')).toBe('on: default of the development profile');
    expect(reason('lab')).toBe('off: default of the development profile');
    expect(reason('core')).toContain('on: always');
    expect(registry.find('core')?.flag).toBeNull();
    expect(issues).toEqual([]);
  });

  it('lets a flag win over the profile', () => {
    expect(resolve({ FEATURE_TOP: 'false' }).reason('top')).toBe('off: FEATURE_TOP=false');
    expect(resolve({ FEATURE_LAB: '1' }).reason('lab')).toBe('on: FEATURE_LAB=1');
    expect(resolve({ FEATURE_TOP: '' }).reason('top')).toBe('on: default of the development profile');
  });

  it('refuses flags that nobody has, with what was meant', () => {
    const { issues } = resolve({ FEATURE_BASE_PRAT: 'true' });
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ key: 'FEATURE_BASE_PRAT' });
    expect(issues[0]?.problem).toContain('FEATURE_BASE_PART');
  });

  it('refuses a flag for a part that is always on, whatever its value', () => {
    expect(resolve({ FEATURE_CORE: 'true' }).issues).toHaveLength(1);
    expect(resolve({ FEATURE_CORE: 'false' }).registry.isEnabled('core')).toBe(true);
  });

  it('refuses a value that is neither true nor false', () => {
    expect(resolve({ FEATURE_TOP: 'maybe' }).issues[0]?.problem).toContain('maybe');
  });

  it('refuses what is on above something that is off, naming both and the cure, however deep', () => {
    const { issues } = resolve({ FEATURE_BASE_PART: 'false' });
    expect(issues.map(({ key }) => key)).toEqual(['FEATURE_MIDDLE', 'FEATURE_TOP']);
    expect(issues[1]?.problem).toContain('top is on');
    expect(issues[1]?.problem).toContain('base-part, which is off (FEATURE_BASE_PART=false)');
    expect(issues[1]?.cure).toContain('FEATURE_BASE_PART=true');
    expect(issues[1]?.cure).toContain('FEATURE_TOP=false');
    expect(resolve({ FEATURE_BASE_PART: 'false', FEATURE_MIDDLE: 'false', FEATURE_TOP: 'false' }).issues).toEqual([]);
  });

  it('warns where an experiment is on in production, and has it on in experimental by default', () => {
    expect(resolve({}, 'production').warnings).toEqual([]);
    expect(resolve({ FEATURE_LAB: 'true' }, 'production').warnings).toEqual([
      expect.stringContaining('FEATURE_LAB=true'),
    ]);
    const experimental = resolve({}, 'experimental');
    expect(experimental.registry.isEnabled('lab')).toBe(true);
    expect(experimental.warnings).toEqual([]);
  });

  it('refuses a catalogue that contradicts itself', () => {
    const broken =
      (...modules: ModuleDefinition[]) =>
      () =>
        resolveFeatures(modules, 'development', {}, []);
    expect(broken(module('a'), module('a'))).toThrow('twice');
    expect(broken(module('a', { dependsOn: ['b'] }), module('b'))).toThrow('not above it');
    expect(broken(module('a', { stage: 'experimental' }))).toThrow('production');
  });
});
