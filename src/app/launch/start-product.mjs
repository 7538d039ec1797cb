import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build-project.mjs';
import { ensureInstalled } from './install.mjs';
import { inProject, launch } from './project.mjs';
import { onLauncherGone } from './run-program.mjs';

await launch(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
process.setSourceMapsEnabled(true);
onLauncherGone(() => process.kill(process.pid, 'SIGTERM'));
await import(pathToFileURL(inProject('dist/main.js')).href);
