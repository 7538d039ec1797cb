import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build-project.mjs';
import { ensureInstalled } from './install.mjs';
import { inProject, launch } from './project.mjs';

await launch(async () => {
  await ensureInstalled();
  await ensureBuilt({ only: ['server'] });
});
process.setSourceMapsEnabled(true);
const { runProgram } = await import(pathToFileURL(inProject('dist/app/dsim/program.js')).href);
await runProgram();
