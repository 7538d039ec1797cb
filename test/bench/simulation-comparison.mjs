// The fluid solver beside the discrete-event one: throughput, latency, and time to drain an overload.
//   node test/bench/simulation-comparison.mjs [--seeds 6] [--seconds 900]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '6' }, seconds: { type: 'string', default: '900' } },
});
const { run } = await loadTypeScript(new URL('./simulation-comparison.ts', import.meta.url));
run({ seeds: Number(values.seeds), seconds: Number(values.seconds) });
process.exit(0);
