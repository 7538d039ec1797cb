// `npm run bench [-- part ...]`: prints figures, and judges none. See docs/benchmarks.md.
import { spawn } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { syncsPerSecond } from './support/disk.mjs';

const PARTS = {
  ingest: { script: 'product-ingest.mjs', what: 'samples/s stored durably, beside Prometheus; 4 minutes' },
  latency: {
    script: 'product-latency.mjs',
    what: 'a simple GET, idle and while the worker scores at full speed; 5 minutes',
  },
  start: { script: 'product-start.mjs', what: 'start-up, first and later; 1 minute' },
  memory: { script: 'product-memory.mjs', what: 'memory at rest and with 10,000 series; 5 minutes' },
};
const MORE = {
  receiver: { script: 'ingest.mjs', what: 'ingestion without the rest of the product' },
  storage: { script: 'ingest-storage.mjs', what: 'bytes per sample, and reads with 100,000 series' },
  decode: { script: 'remote-write-decode.mjs', what: 'decoders and codecs on one core' },
  detection: { script: 'detection.mjs', what: 'scoring: engine, ONNX, and whole jobs' },
  silence: { script: 'detection-silence.mjs', what: 'watching 100,000 series for silence, on a database; 1 minute' },
  nab: { script: 'detection-nab.mjs', what: 'detectors on the Numenta Anomaly Benchmark in --data DIR; 2 minutes' },
  calibration: {
    script: 'detection-calibration.mjs',
    what: 'chosen false-alarm rates beside measured ones on calm days; 10 minutes',
  },
  faults: {
    script: 'detection-faults.mjs',
    what: 'detectors on the fault matrix of three fleets: recall, time to detect, false alarms; 15 minutes, --quick 4',
  },
  ai: {
    script: 'ai-latency.mjs',
    what: 'synchronous scoring by the AI API, idle and while the worker scores at full speed; 5 minutes',
  },
  models: { script: 'detection-models.mjs', what: 'learned window models: cost, simulated faults; 5 minutes' },
  discrete: { script: 'simulation-discrete.mjs', what: 'events/s of the discrete-event solver' },
  truth: { script: 'simulation-truth.mjs', what: 'the discrete-event solver against closed forms; 2 minutes' },
  comparison: { script: 'simulation-comparison.mjs', what: 'the fluid solver beside the discrete-event one' },
  library: { script: 'simulation-library.mjs', what: 'each scenario of the library by both solvers; 10 minutes' },
  simulation: { script: 'simulation-speed.mjs', what: 'the fluid solver: cost per service and step' },
};
const ALL = { ...PARTS, ...MORE };

const given = process.argv.slice(2);
const firstForPart = given.findIndex((arg) => arg.startsWith('-') && !['-h', '--help', '--all'].includes(arg));
const forPart = firstForPart < 0 ? [] : given.slice(firstForPart);
const { values, positionals } = parseArgs({
  args: firstForPart < 0 ? given : given.slice(0, firstForPart),
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' }, all: { type: 'boolean' } },
});
const unknown = positionals.filter((name) => !(name in ALL));
if (values.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no part ${unknown.join(', ')}.\n`);
  console.log(usage());
  process.exit(unknown.length > 0 ? 2 : 0);
}

if (forPart.length > 0 && positionals.length !== 1) {
  console.error(`Settings (${forPart.join(' ')}) are for one PART: name it before them.\n`);
  process.exit(2);
}

console.log(machine());
const chosen = positionals.length > 0 ? positionals : Object.keys(values.all ? ALL : PARTS);
for (const name of chosen) {
  const file = `test/bench/${ALL[name].script}`;
  console.log(`\n== ${name}: ${ALL[name].what}\n$ node ${[file, ...forPart].join(' ')}`);
  const code = await run(new URL(ALL[name].script, import.meta.url).pathname, forPart);
  if (code !== 0) process.exit(1);
}

function usage() {
  const list = (parts) => Object.entries(parts).map(([name, { what }]) => `  ${name.padEnd(12)} ${what}`);
  return [
    'usage: npm run bench [-- PART ...] [--all]   or   npm run bench -- PART [setting of the part ...]',
    '',
    'Prints figures of this machine; nothing fails for being slow. Without a PART these run:',
    ...list(PARTS),
    'With --all, or by name, these too:',
    ...list(MORE),
    '',
    'Each part is a program with settings of its own, in its first lines: test/bench/product-*.mjs.',
  ].join('\n');
}

function machine() {
  const [load] = loadavg();
  const lines = [
    `${cpus()[0]?.model.trim() ?? process.arch}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory, ${process.platform} ${release()}`,
    `Node ${process.versions.node}; the disk acknowledges ${syncsPerSecond().toLocaleString('en')} fdatasync/s of 8 KiB`,
    `load before we begin: ${load.toFixed(2)}${load > 0.5 ? ' (not a quiet machine: figures are worse than they could be)' : ''}`,
  ];
  return lines.join('\n');
}

function run(script, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
