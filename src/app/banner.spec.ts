import { describe, expect, it } from 'vitest';
import { FeatureRegistry, type Feature } from '../platform/registry/feature-registry.js';
import type { LaunchSettings } from '../platform/registry/launch-settings.js';
import { bannerText } from './banner.js';

const feature = (id: string, enabled: boolean, stage: Feature['stage'] = 'stable'): Feature => ({
  id,
  title: id,
  description: id,
  tier: 3,
  stage,
  enabled,
  reason: '',
  flag: null,
  dependsOn: [],
});
const launch: LaunchSettings = {
  profile: 'development',
  role: 'all',
  dataDir: '/data',
  dataDirChosen: true,
  configDir: '/config',
  debug: false,
  supervised: false,
};
const base = {
  launch,
  features: new FeatureRegistry([
    feature('auth', true),
    feature('incidents', true, 'beta'),
    feature('ai-api', false, 'experimental'),
  ]),
  version: '1.2.3',
  listening: [{ name: 'main' as const, url: 'http://127.0.0.1:3000', port: 3000 }],
  database: {
    override: { key: 'database.url', value: 'x', source: 'embedded' },
    dataDir: '/data',
    migrate: () => Promise.resolve([]),
  },
  seconds: '1.2',
  notices: ['user admin, password s3cret'],
};

describe('bannerText', () => {
  it('names the page, the credentials, the data, what is on and off, and what to try', () => {
    const text = bannerText(base).join('\n');
    for (const words of [
      '1.2.3',
      'development',
      '1.2 s',
      'http://localhost:3000/',
      's3cret',
      '/data',
      'Try next',
      'Ctrl-C',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).toMatch(/On +auth, incidents \(beta\)/);
    expect(text).toMatch(/Off +ai-api \(experimental\)/);
  });

  it('shows the extra listeners of the experimental profile', () => {
    const listening = [...base.listening, { name: 'metrics' as const, url: 'http://127.0.0.1:9001', port: 9001 }];
    expect(bannerText({ ...base, listening }).join('\n')).toContain('http://localhost:9001/metrics');
  });

  it('offers no page where none is served, and no row for what there is not', () => {
    const text = bannerText({ ...base, launch: { ...launch, role: 'worker' }, notices: [] }).join('\n');
    expect(text).not.toContain('Page');
    expect(text).not.toContain('Sign in');
    expect(text).toContain('/health/ready');
  });
});
