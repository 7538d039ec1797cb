// Time from the start of the process until it serves: the first start on an empty folder, and later ones.
//   node test/bench/product-start.mjs [--runs 5]
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const { run } = await loadTypeScript(new URL('./product-start.ts', import.meta.url));
await run(Number(values.runs));
process.exit(0);
