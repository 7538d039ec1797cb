import { DEFAULT_ENSEMBLE_SETTINGS } from '../../src/engine/detection/ensemble/ensemble-settings.js';
import { ChannelEnsemble } from '../../src/engine/detection/ensemble/channel-ensemble.js';
import type { Detector, GraphRunner, SeriesSettings } from '../../src/engine/detection/detector.js';
import { DEFAULT_SURPRISE } from '../../src/engine/detection/novelty/surprise.js';
import { robustWindowReference } from '../../src/engine/detection/robust-window.graph.js';
import { RobustWindowDetector } from '../../src/engine/detection/robust-window.js';
import { timeOf, wobble } from '../integration/anomaly-detection/support/world.js';
import { recordShop, type Recorded } from './detection-recorded.js';

const BATCH = 1_000;
const SETTINGS: SeriesSettings = { minimumDeviation: 0.1, minimumRelativeDeviation: 0.2, sensitivity: 6 };
const NO_MODEL: GraphRunner = () => Promise.reject(new Error('This detector runs no model.'));
/** Ticks that fill the states, and ticks that are timed: in rounds, of which the median counts. */
const LEAD = 400;
const ROUNDS = 5;
const ROUND = 100;
const TICKS = LEAD + ROUNDS * ROUND;
/** Long enough for `TICKS` scrapes of 15 s, and some more. */
const RECORDED_HOURS = 4;

/** The engine alone, 1,000 series at a time, states full: on noise, where every point is new, and on a recorded fleet. */
export async function benchEngines(onnx: GraphRunner | null): Promise<void> {
  const plain = () => new ChannelEnsemble(DEFAULT_ENSEMBLE_SETTINGS) as unknown as Detector;
  const surprised = () =>
    new ChannelEnsemble({ ...DEFAULT_ENSEMBLE_SETTINGS, surprise: DEFAULT_SURPRISE }) as unknown as Detector;
  const shop = await recordShop(RECORDED_HOURS, BATCH);
  console.log('The engine alone, 1,000 series at a time, states full:');
  for (const [data, recorded] of [
    ['noise', noise()],
    ['a recorded shop', shop],
  ] as const) {
    await benchEngine(`channel-ensemble, ${data}`, plain(), recorded, NO_MODEL);
    await benchEngine(`channel-ensemble with surprise, ${data}`, surprised(), recorded, NO_MODEL);
  }
  await benchEngine('robust-window without ONNX, noise', new RobustWindowDetector(), noise(), robustWindowReference);
  if (!onnx) return;
  await benchEngine('robust-window, ONNX, noise', new RobustWindowDetector(), noise(), onnx);
  await benchBareRuns('bare session.run of robust-window', onnx);
}

/** Every point is new: the worst case. */
function noise(): Recorded {
  const values = new Float64Array(TICKS * BATCH);
  for (let tick = 0; tick < TICKS; tick += 1)
    for (let s = 0; s < BATCH; s += 1) values[tick * BATCH + s] = s + wobble(tick * 7 + s);
  return { ticks: TICKS, values, settings: new Array<SeriesSettings>(BATCH).fill(SETTINGS) };
}

/** One point after the other for `BATCH` series. */
async function benchEngine(name: string, detector: Detector, recorded: Recorded, runner: GraphRunner): Promise<void> {
  const states = recorded.settings.map(() => detector.createState());
  const { settings, ticks } = recorded;
  const tick = (i: number) => {
    const values = recorded.values.subarray(i * BATCH, (i + 1) * BATCH);
    return detector.update({ time: timeOf(i), states, values, settings }, runner);
  };
  const from = ticks - ROUNDS * ROUND;
  for (let i = 0; i < from; i += 1) await tick(i);
  const rates: number[] = [];
  for (let i = from; i < ticks;) {
    const cpu = process.cpuUsage();
    for (const end = i + ROUND; i < end; i += 1) await tick(i);
    rates.push((BATCH * ROUND) / seconds(cpu));
  }
  rates.sort((a, b) => a - b);
  print(name, rates[ROUNDS >> 1]!, `points/s and core (${thousands(rates[0]!)} to ${thousands(rates.at(-1)!)})`);
  const bytes = states.reduce((sum, state) => sum + detector.serialise(state).length, 0);
  console.log(`    ${thousands(bytes / BATCH)} bytes of state per series, as kept in snapshots`);
}

async function benchBareRuns(name: string, runner: GraphRunner): Promise<void> {
  let captured: Parameters<GraphRunner>[0] | undefined;
  const detector = new RobustWindowDetector();
  const states = Array.from({ length: BATCH }, () => detector.createState());
  const settings = states.map(() => SETTINGS);
  for (let i = 0; i < 125; i += 1) {
    const values = Float64Array.from(states, (_, s) => s + wobble(i * 7 + s));
    await detector.update({ time: i, states, values, settings }, (inputs) =>
      robustWindowReference((captured = inputs)),
    );
  }
  const cpu = process.cpuUsage();
  for (let i = 0; i < 30; i += 1) await runner(captured!);
  print(name, (BATCH * 30) / seconds(cpu), 'series/s and core');
}

function seconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function print(name: string, rate: number, unit: string): void {
  console.log(`  ${name}: ${thousands(rate)} ${unit}`);
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en');
}
