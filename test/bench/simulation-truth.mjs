// The discrete-event solver against closed forms, as a table with confidence intervals.
//   node test/bench/simulation-truth.mjs [--replications 20] [--users 20000]
// Users are those of each replication at loads up to 0.85; five times as many above.
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: { replications: { type: 'string', default: '20' }, users: { type: 'string', default: '20000' } },
});
const { run } = await loadTypeScript(new URL('./simulation-truth.ts', import.meta.url));
run({ replications: Number(values.replications), users: Number(values.users) });
process.exit(0);
