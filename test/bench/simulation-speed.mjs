// Cost of the fluid solver with all telemetry at 15 s scrapes, compiled as it is shipped (`npm run build` first):
// seconds per simulated day, its parts, the fit over fleet sizes, and memory over simulated days.
//   node test/bench/simulation-speed.mjs [--hours 24] [--engine DIRECTORY]
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({ options: { hours: { type: 'string', default: '24' }, engine: { type: 'string' } } });
setFlagsFromString('--expose-gc');
// Loaded by Node itself: what a bundler's development mode makes of it is slower.
const engine = values.engine ?? fileURLToPath(new URL('../../dist/engine', import.meta.url));
const { createSimulation, stepSimulation } = await import(pathToFileURL(`${engine}/simulation/simulation.js`).href);
const { run } = await loadTypeScript(new URL('./simulation-speed.ts', import.meta.url));
await run({ hours: Number(values.hours), createSimulation, stepSimulation });
process.exit(0);
