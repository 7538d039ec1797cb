// Memory of the API process and its worker, at rest and with series to look after. PostgreSQL is told apart.
//   node test/bench/product-memory.mjs [--series 10000] [--minutes 3]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: { series: { type: 'string', default: '10000' }, minutes: { type: 'string', default: '3' } },
});
const { run } = await loadTypeScript(new URL('./product-memory.ts', import.meta.url));
await run({ series: Number(values.series), minutes: Number(values.minutes) });
process.exit(0);
