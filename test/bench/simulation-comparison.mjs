// The fluid solver beside the discrete-event one: throughput, latency, and time to drain an overload.
//   node test/bench/simulation-comparison.mjs [--seeds 5] [--seconds 600]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '600' } },
});
const { run } = await loadTypeScript(new URL('./simulation-comparison.ts', import.meta.url));
await run({ seeds: Number(values.seeds), seconds: Number(values.seconds) });
process.exit(0);
