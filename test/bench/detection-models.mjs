// Prints what learned models add to the plain channels, and what they cost. Arguments: all optional.
//   node test/bench/detection-models.mjs [--fleets shop,two-clouds] [--seeds 1000-1001] [--every 3] [--models DIR] [--nab DIR] [--rows 1000]
// Judge on seeds from 1000 on: 1 to 99 of the fleet shop are for training.
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: {
    fleets: { type: 'string', default: 'shop,two-clouds' },
    seeds: { type: 'string', default: '1000-1001' },
    models: { type: 'string', default: 'models' },
    only: { type: 'string', default: 'window-classifier,patch-memory,lstm-autoencoder' },
    every: { type: 'string', default: '3' },
    nab: { type: 'string' },
    rows: { type: 'string', default: '1000' },
  },
});
const [first, last] = values.seeds.split('-').map(Number);
const { run } = await loadTypeScript(new URL('./detection-models.ts', import.meta.url));
await run({
  fleets: values.fleets.split(',').filter((fleet) => fleet !== ''),
  seeds: Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i),
  every: Number(values.every),
  modelsDir: values.models,
  only: values.only.split(','),
  nab: values.nab,
  rows: Number(values.rows),
});
process.exit(0);
