// Prints what it costs when many series of one environment turn anomalous in the same tick, from the commit of the
// shard to one incident that holds all the evidence, through the real outbox and queue. Arguments: all optional.
//   node test/bench/anomaly-storm.mjs [--series 100,1000,5000]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({ options: { series: { type: 'string', default: '100,1000,5000' } } });
const { run } = await loadTypeScript(new URL('./anomaly-storm.ts', import.meta.url));
await run(values.series.split(',').map(Number));
process.exit(0);
