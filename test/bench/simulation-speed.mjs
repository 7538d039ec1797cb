// Cost of a step of the fluid solver by the number of services, compiled as it is shipped (`npm run build` first).
//   node test/bench/simulation-speed.mjs [--steps 20000] [--solver COMPILED_FILE]
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '20000' }, solver: { type: 'string' } },
});
// Loaded by Node itself: what a bundler's development mode makes of it is slower.
const shipped = fileURLToPath(new URL('../../dist/engine/simulation/fluid/fluid-solver.js', import.meta.url));
const { fluidSolver } = await import(pathToFileURL(resolve(values.solver ?? shipped)).href);
const { run } = await loadTypeScript(new URL('./simulation-speed.ts', import.meta.url));
await run({ steps: Number(values.steps), solver: fluidSolver });
process.exit(0);
