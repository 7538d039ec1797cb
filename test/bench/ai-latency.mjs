// Response times of synchronous scoring with many callers, idle and while a worker scores as fast as it can.
//   node test/bench/ai-latency.mjs [--callers 50] [--rate 4] [--points 120] [--series 5000] [--backlog 180]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: {
    callers: { type: 'string', default: '50' },
    rate: { type: 'string', default: '4' },
    points: { type: 'string', default: '120' },
    series: { type: 'string', default: '5000' },
    backlog: { type: 'string', default: '180' },
  },
});
const { run } = await loadTypeScript(new URL('./ai-latency.ts', import.meta.url));
await run(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)])));
process.exit(0);
