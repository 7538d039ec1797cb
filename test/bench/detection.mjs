// Prints what detection costs and how often it alarms. Arguments: all optional.
//   node test/bench/detection.mjs [--series 10000] [--nab DIR] [--recording FILE]
// FILE holds one scrape per line: [epoch milliseconds, "text in the Prometheus exposition format"].
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: { series: { type: 'string', default: '5000' }, nab: { type: 'string' }, recording: { type: 'string' } },
});
const { run } = await loadTypeScript(new URL('./detection.ts', import.meta.url));
await run({ series: Number(values.series), nab: values.nab, recording: values.recording });
process.exit(0);
