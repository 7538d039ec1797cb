// The Numenta Anomaly Benchmark, causal: our detector beside simple ones. Arguments: all optional but the folder.
//   npm run -s bench -- nab --data DIR [--splits 20] [--family]
// With --family the settings of surprise are chosen on one half, too, among 27: 2 minutes more.
// DIR holds data/<category>/<name>.csv (timestamp,value) and windows.json (or combined_windows.json) with, by file,
// [[first, last], ...] as inclusive timestamps; the public set is laid out like this.
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env.NAB_DATA },
    splits: { type: 'string', default: '20' },
    family: { type: 'boolean', default: false },
  },
});
if (!values.data) {
  console.log('nothing to do: give the folder of the benchmark with --data DIR, or in NAB_DATA');
  process.exit(0);
}
const { run } = await loadTypeScript(new URL('./detection-nab.ts', import.meta.url));
await run({ data: values.data, splits: Number(values.splits), family: values.family });
process.exit(0);
