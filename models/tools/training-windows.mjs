// Writes windows to train on: node models/tools/training-windows.mjs --to DIR [--fleet shop] [--seeds 1-79] [--every 1]
// Seeds 1 to 99 of the fleet shop are for training; others are for judging.
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const { values } = parseArgs({
  options: {
    to: { type: 'string' },
    fleet: { type: 'string', default: 'shop' },
    seeds: { type: 'string', default: '1-79' },
    every: { type: 'string', default: '1' },
  },
});
if (!values.to) throw new Error('say where to: --to DIR');
const [first, last] = values.seeds.split('-').map(Number);
const seeds = Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i);
const root = `${import.meta.dirname}/../..`;
const { module } = await runnerImport(`${import.meta.dirname}/training/training-windows.ts`, {
  root,
  logLevel: 'error',
});
await module.writeTrainingWindows({ folder: values.to, fleet: values.fleet, seeds, every: Number(values.every) });
