// Samples/s that the built product stores durably, beside Prometheus' own receiver fed by the same sender.
//   node test/bench/product-ingest.mjs [--seconds 10] [--connections 4]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, connections: { type: 'string', default: '4' } },
});
const { run } = await loadTypeScript(new URL('./product-ingest.ts', import.meta.url));
await run({ seconds: Number(values.seconds), connections: Number(values.connections) });
process.exit(0);
