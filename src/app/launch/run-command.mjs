import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build-project.mjs';
import { ensureInstalled } from './install.mjs';
import { LaunchError, filesBelow, inProject, launch } from './project.mjs';

const name = process.argv[2] ?? '';

await launch(async () => {
  await ensureInstalled();
  await ensureBuilt();
  if (!filesBelow(inProject('dist/app/commands')).includes(inProject('dist/app/commands', `${name}.js`))) {
    throw new LaunchError(`There is no command "${name}". \`npm run\` lists them.`);
  }
});
// A command runs only where its file is the program.
process.argv.splice(1, 2, inProject('dist/app/commands', `${name}.js`));
process.setSourceMapsEnabled(true);
await import(pathToFileURL(process.argv[1]).href);
