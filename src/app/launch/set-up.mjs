import { ensureBuilt } from './build-project.mjs';
import { ensureInstalled } from './install.mjs';
import { launch, say } from './project.mjs';

const check = process.argv.includes('--check');

await launch(async () => {
  await ensureInstalled();
  await ensureBuilt({ check });
  say('Installed and built. `npm start` serves, `npm test` checks.');
});
