// Cost of a step of the fluid solver by the number of services, compiled as it is shipped (`npm run build` first).
//   node test/bench/simulation-speed.mjs [--steps 20000] [--solver COMPILED_FILE]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '20000' }, solver: { type: 'string' } },
});
const { run } = await loadTypeScript(new URL('./simulation-speed.ts', import.meta.url));
await run({ steps: Number(values.steps), solver: values.solver });
process.exit(0);
