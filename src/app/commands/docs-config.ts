import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_DIR } from '../../platform/config/environment.js';
import { renderReference } from '../../platform/config/render-reference.js';
import { LAUNCH_VARIABLES } from '../../platform/registry/launch-settings.js';
import { flagOf } from '../../platform/registry/resolve-features.js';
import { CATALOGUE } from '../catalogue.js';
import { allSections } from '../preparation.js';
import { runCommand } from './command.js';

const FILE = join(PROJECT_DIR, 'docs/configuration.md');

export async function configurationReference(): Promise<string> {
  return renderReference({
    launchVariables: LAUNCH_VARIABLES,
    flags: CATALOGUE.filter(({ toggleable }) => toggleable).map((definition) => ({
      name: flagOf(definition.id),
      description: definition.description,
      enabledIn: definition.enabledIn,
      stage: definition.stage,
    })),
    sections: await allSections(),
  });
}

runCommand(
  import.meta.url,
  {
    usage: 'npm run docs:config',
    description: 'Writes docs/configuration.md from the schemas of all sections.',
    options: [['--check', 'Writes nothing; exit code 1 when the committed file differs.']],
  },
  { check: { type: 'boolean' } },
  async ({ check }) => {
    const text = await configurationReference();
    if (check !== true) {
      writeFileSync(FILE, text);
      process.stdout.write(`Wrote ${FILE}\n`);
      return 0;
    }
    if (existsSync(FILE) && readFileSync(FILE, 'utf8') === text) return 0;
    process.stderr.write(
      'docs/configuration.md is not what the schemas say. Run `npm run docs:config` and commit the result.\n',
    );
    return 1;
  },
);
