import { ConfigurationError, type ConfigurationIssue } from '../../platform/config/configuration-error.js';
import { processEnvironment } from '../../platform/config/environment.js';
import { readLaunchSettings } from '../../platform/registry/launch-settings.js';
import { resolveFeatures } from '../../platform/registry/resolve-features.js';
import { CATALOGUE } from '../catalogue.js';
import { runCommand, table } from './command.js';

runCommand(
  import.meta.url,
  {
    usage: 'npm run features',
    description:
      'Shows each module, whether it is on, and why. DSIM_PROFILE and FEATURE_<ID> count as they would at a start.',
    options: [['--json', 'The list as JSON.']],
  },
  { json: { type: 'boolean' } },
  async ({ json }) => {
    const env = processEnvironment();
    const issues: ConfigurationIssue[] = [];
    const { profile } = readLaunchSettings(env, issues);
    const { registry, warnings } = resolveFeatures(CATALOGUE, profile, env, issues);
    const features = registry.list();
    if (json === true) process.stdout.write(`${JSON.stringify({ profile, features, warnings, issues }, null, 2)}\n`);
    else {
      const rows = features.map(({ id, stage, enabled, reason, title, flag }) => [
        id,
        enabled ? 'on' : 'off',
        reason.replace(/^(on|off): /, ''),
        stage,
        flag ?? '-',
        title,
      ]);
      process.stdout.write(
        `Profile ${profile}\n\n${table([['MODULE', 'STATE', 'BECAUSE', 'STAGE', 'FLAG', 'TITLE'], ...rows])}\n`,
      );
      for (const warning of warnings) process.stderr.write(`\n${warning}\n`);
    }
    if (issues.length === 0) return 0;
    process.stderr.write(`\n${new ConfigurationError(issues).message}\n`);
    return 1;
  },
);
