import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build-project.mjs';
import { ensureInstalled } from './install.mjs';
import { LaunchError, inProject, say } from './project.mjs';

/** Exit code 1 says that an expectation failed; what kept dsim from running at all must not look like that. */
const COULD_NOT_RUN = 2;

try {
  await ensureInstalled();
  await ensureBuilt({ only: ['server'] });
} catch (error) {
  say(error instanceof LaunchError ? error.message : `dsim could not start: ${error?.stack ?? error}`);
  process.exit(COULD_NOT_RUN);
}
process.setSourceMapsEnabled(true);
const { runProgram } = await import(pathToFileURL(inProject('dist/app/dsim/program.js')).href);
await runProgram();
