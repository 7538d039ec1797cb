// Each scenario of the library by both solvers: what they say of users, and how long they took.
//   node test/bench/simulation-library.mjs [--hours 2] [NAME...]
// Minutes, as the discrete-event solver plays every request. The large fleet is left out unless it is named.
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { hours: { type: 'string', default: '2' } },
});
const { run } = await loadTypeScript(new URL('./simulation-library.ts', import.meta.url));
run({ hours: Number(values.hours), names: positionals });
process.exit(0);
