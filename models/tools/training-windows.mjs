// Writes windows to train on: node models/tools/training-windows.mjs --to DIR [--fleet shop] [--seeds 1-15,21-44] [--every 1]
// Seeds 1 to 99 of the fleet shop are for training; others are for judging.
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const { values } = parseArgs({
  options: {
    to: { type: 'string' },
    fleet: { type: 'string', default: 'shop' },
    seeds: { type: 'string', default: '1-15,21-44' },
    every: { type: 'string', default: '1' },
  },
});
if (!values.to) throw new Error('say where to: --to DIR');
const seeds = values.seeds.split(',').flatMap((range) => {
  const [first, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
});
const root = `${import.meta.dirname}/../..`;
const { module } = await runnerImport(`${import.meta.dirname}/training/training-windows.ts`, {
  root,
  logLevel: 'error',
});
await module.writeTrainingWindows({ folder: values.to, fleet: values.fleet, seeds, every: Number(values.every) });
