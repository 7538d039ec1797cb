import { ensureBuilt } from './build-project.mjs';
import { ensureInstalled } from './install.mjs';
import { launch } from './project.mjs';
import { handOver } from './run-program.mjs';

const TSC = 'node_modules/typescript/bin/tsc';

await launch(async () => {
  await ensureInstalled();
  await ensureBuilt();
});
handOver([
  { args: [TSC, '-p', 'tsconfig.json', '--watch', '--preserveWatchOutput'] },
  { args: ['node_modules/vite/bin/vite.js', 'build', 'web', '--watch', '--logLevel', 'warn'] },
  {
    args: ['--watch', '--watch-preserve-output', '--inspect=127.0.0.1:9229', '--enable-source-maps', 'dist/main.js'],
    env: { DSIM_PROFILE: process.env.DSIM_PROFILE || 'development' },
  },
]);
