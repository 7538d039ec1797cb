// Prints what detection costs and how often it alarms. Arguments: all optional.
//   node [--expose-gc] test/bench/detection.mjs [--engine] [--series 10000,100000] [--backlog 240] [--nab DIR] [--recording FILE]
// --engine: only what the engine does by itself, in seconds.
// FILE holds one scrape per line: [epoch milliseconds, "text in the Prometheus exposition format"].
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: {
    engine: { type: 'boolean', default: false },
    series: { type: 'string', default: '10000' },
    backlog: { type: 'string', default: '240' },
    nab: { type: 'string' },
    recording: { type: 'string' },
  },
});
const { run } = await loadTypeScript(new URL('./detection.ts', import.meta.url));
const series = values.series.split(',').map(Number);
await run({
  engine: values.engine,
  series,
  backlogTicks: Number(values.backlog),
  nab: values.nab,
  recording: values.recording,
});
process.exit(0);
