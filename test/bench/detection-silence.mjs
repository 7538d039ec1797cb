// Prints what watching for silence costs a worker. Arguments: all optional.
//   node test/bench/detection-silence.mjs [--series 100000] [--services 400]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: { series: { type: 'string', default: '100000' }, services: { type: 'string', default: '400' } },
});
const { run } = await loadTypeScript(new URL('./detection-silence.ts', import.meta.url));
await run(Number(values.series), Number(values.services));
process.exit(0);
