import { describe, expect, it } from 'vitest';
import type { ConfigurationIssue } from '../config/configuration-error.js';
import type { Environment } from '../config/environment.js';
import { readLaunchSettings, type LaunchSettings } from './launch-settings.js';

function read(env: Environment): LaunchSettings & { issues: ConfigurationIssue[] } {
  const issues: ConfigurationIssue[] = [];
  return { ...readLaunchSettings(env, issues, '/somewhere'), issues };
}

describe('readLaunchSettings', () => {
  it.each<[Environment, string]>([
    [{}, 'development'],
    [{ NODE_ENV: 'test' }, 'development'],
    [{ NODE_ENV: 'production' }, 'production'],
    [{ NODE_ENV: 'production', DSIM_PROFILE: 'experimental' }, 'experimental'],
    [{ NODE_ENV: 'production', DSIM_PROFILE: '' }, 'production'],
  ])('%o is profile %s', (env, profile) => {
    expect(read(env)).toMatchObject({ profile, role: 'all', issues: [] });
  });

  it('resolves folders against the working directory, and knows whether the data folder was chosen', () => {
    expect(read({ DSIM_DATA_DIR: 'data' })).toMatchObject({ dataDir: '/somewhere/data', dataDirChosen: true });
    expect(read({})).toMatchObject({ dataDirChosen: false, dataDir: expect.stringMatching(/[/\\]\.data$/) as string });
  });

  it('refuses unknown profiles, roles and DSIM_ variables, with what was meant', () => {
    const { issues } = read({ DSIM_PROFILE: 'prodction', DSIM_ROLE: 'both', DSIM_DATA_DRI: '/x', OTHER: 'x' });
    expect(issues.map(({ key }) => key).sort()).toEqual(['DSIM_DATA_DRI', 'DSIM_PROFILE', 'DSIM_ROLE']);
    expect(issues.find(({ key }) => key === 'DSIM_DATA_DRI')?.problem).toContain('DSIM_DATA_DIR');
    expect(issues.find(({ key }) => key === 'DSIM_PROFILE')?.problem).toContain('production');
  });

  it('does not stumble over what tests and CI set', () => {
    expect(read({ DSIM_REQUIRE_PEERS: '1', DSIM_TEST_LOGS: '1', DSIM_API: 'x' }).issues).toEqual([]);
  });
});
