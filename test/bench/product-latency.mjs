// Response times of a simple GET, idle and while a worker scores as fast as it can.
//   node test/bench/product-latency.mjs [--series 10000] [--backlog 60] [--rate 100]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '10000' },
    backlog: { type: 'string', default: '60' },
    rate: { type: 'string', default: '100' },
  },
});
const { run } = await loadTypeScript(new URL('./product-latency.ts', import.meta.url));
await run({ series: Number(values.series), backlogSeconds: Number(values.backlog), rate: Number(values.rate) });
process.exit(0);
