import { ensureBuilt } from './build-project.mjs';
import { ensureInstalled } from './install.mjs';
import { launch } from './project.mjs';
import { handOver } from './run-program.mjs';

await launch(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
handOver([{ args: ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)] }]);
