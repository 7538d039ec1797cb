// Events per second of the discrete-event solver on one core, compiled as it is shipped (`npm run build` first).
//   node test/bench/simulation-discrete.mjs [--seconds 5] [--solver COMPILED_FILE]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' }, solver: { type: 'string' } } });
const { run } = await loadTypeScript(new URL('./simulation-discrete.ts', import.meta.url));
await run({ seconds: Number(values.seconds), solver: values.solver });
process.exit(0);
