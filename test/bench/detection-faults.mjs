// The bar "simulated faults" of docs/detection.md: recall of faults that harm users, time to detect, false alarms on calm days, beside simple detectors.
//   npm run -s bench -- faults [--quick] [--fleets shop,two-clouds,large] [--seeds 1000..1001] [--days 5] [--warm-up-days 2] [--per-kind 2]
//     [--detectors channel-ensemble,robust-window,windowed-gaussian,value-knn,range-novelty] [--baseline-days 1] [--jobs 2] [--misses] [--out FILE.json] [--built DIR]
// Settings are tuned on the fleet shop with seeds 1 to 99 only; seeds from 1000 on and the fleets two-clouds and large judge.
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load-typescript.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    fleets: { type: 'string' },
    seeds: { type: 'string' },
    days: { type: 'string' },
    'warm-up-days': { type: 'string' },
    'per-kind': { type: 'string' },
    detectors: { type: 'string' },
    'baseline-days': { type: 'string' },
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    misses: { type: 'boolean', default: false },
    out: { type: 'string' },
    built: { type: 'string', default: fileURLToPath(new URL('../../dist', import.meta.url)) },
    child: { type: 'boolean', default: false },
  },
});
if (values.child) {
  // A child does one unit, compiled as it is shipped (what a bundler's development mode makes of it is slower), and hands
  // its runs over on the channel.
  const { doUnit } = await import(pathToFileURL(`${values.built}/app/dsim/score/score-work.js`).href);
  const unit = await new Promise((resolve) => process.once('message', resolve));
  const runs = await doUnit(unit, {});
  await new Promise((resolve) => process.send(runs, resolve));
  process.exit(0);
}

const bench = await loadTypeScript(new URL('./detection-faults.ts', import.meta.url));
const units = bench.planUnits(values);
const results = [];
let next = 0;
async function work() {
  while (next < units.length) {
    const index = next;
    next += 1;
    results[index] = await inChild(units[index]);
  }
}
const started = performance.now();
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
await bench.print(results.flat(), { misses: values.misses, out: values.out });
console.log(`\n${units.length} runs in ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
process.exit(0);

function inChild(unit) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--child', '--built', values.built], {
      serialization: 'advanced',
    });
    let runs = null;
    child.on('message', (message) => (runs = bench.withoutDrawings(message)));
    child.on('exit', (code) =>
      runs === null ? reject(new Error(`a run ended with code ${code}: ${unit.scenario.name}`)) : resolve(runs),
    );
    child.send(unit);
  });
}
