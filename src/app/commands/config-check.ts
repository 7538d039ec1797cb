import { ConfigurationError } from '../../platform/config/configuration-error.js';
import { processEnvironment } from '../../platform/config/environment.js';
import { prepare } from '../preparation.js';
import { runCommand, table } from './command.js';

runCommand(
  import.meta.url,
  {
    usage: 'npm run config:check',
    description:
      'Checks the configuration as a start would, and prints every setting with its value and where it comes from.\n' +
      'Secrets are hidden. Exit code 1, with all errors, when a start would be refused.',
    options: [
      ['--json', 'Settings, warnings and errors as JSON.'],
      ['--changed', 'Only settings that differ from their default.'],
    ],
  },
  { json: { type: 'boolean' }, changed: { type: 'boolean' } },
  async ({ json, changed }) => {
    try {
      const { launch, configuration, warnings } = await prepare(processEnvironment());
      const settings = configuration.settings.filter(({ source }) => changed !== true || source !== 'default');
      if (json === true) {
        const { profile, role, dataDir, configDir } = launch;
        const list = settings.map(({ field, shown, source }) => ({
          key: field.key,
          env: field.env,
          value: shown ?? null,
          source,
        }));
        process.stdout.write(
          `${JSON.stringify({ profile, role, dataDir, configDir, settings: list, warnings, errors: [] }, null, 2)}\n`,
        );
        return 0;
      }
      const rows = settings.map(({ field, shown, source }) => [field.key, display(shown), source]);
      process.stdout.write(
        `Profile ${launch.profile}, role ${launch.role}, data in ${launch.dataDir}, files in ${launch.configDir}\n\n`,
      );
      process.stdout.write(`${table([['SETTING', 'VALUE', 'FROM'], ...rows])}\n`);
      for (const warning of warnings) process.stderr.write(`\nWarning: ${warning}\n`);
      return 0;
    } catch (error) {
      if (json !== true || !(error instanceof ConfigurationError)) throw error;
      process.stdout.write(`${JSON.stringify({ errors: error.configurationIssues }, null, 2)}\n`);
      return 1;
    }
  },
);

function display(value: unknown): string {
  if (value === undefined || value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
