import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Detector, SeriesSettings } from '../../src/engine/detection/detector.js';
import { RobustWindowDetector, type RobustWindowState } from '../../src/engine/detection/robust-window.js';
import { parseScenario } from '../../src/engine/scenario/parse-scenario.js';
import { scoreFaultMatrix } from '../../src/engine/scorecard/fault-matrix/score-fault-matrix.js';
import { createWatcher } from '../../src/engine/scorecard/watcher.js';

const SCENARIOS = new URL('../../scenarios/', import.meta.url).pathname;
/** Of the tuning set. */
const SEED = 20;

/** Values of a fleet as a detector gets them: selected, as rates, signals of services among them. */
export interface Recorded {
  readonly ticks: number;
  /** Tick after tick, a value of each series. */
  readonly values: Float64Array;
  /** By series. */
  readonly settings: readonly SeriesSettings[];
}

interface Course {
  readonly values: number[];
  settings: SeriesSettings;
}

/** The first hours of a calm day of the simulated shop: `count` of the series that were there from first to last, spread evenly. */
export async function recordShop(hours: number, count: number): Promise<Recorded> {
  const scenario = calmShop();
  const courses = new Map<RobustWindowState, Course>();
  const stepMs = scenario.telemetry.scrapeInterval * 1000;
  const watcher = createWatcher('recorder', { detector: recorder(courses), stepMs }, async () => ({}));
  await scoreFaultMatrix(scenario, [watcher], { seed: SEED, kinds: [], warmUpDays: 0, days: hours / 24 });
  const ticks = Math.max(...[...courses.values()].map(({ values }) => values.length));
  const whole = [...courses.values()].filter(({ values }) => values.length === ticks);
  if (whole.length < count) throw new Error(`The shop has ${whole.length} lasting series, not ${count}.`);
  const chosen = Array.from({ length: count }, (_, i) => whole[Math.floor((i * whole.length) / count)]!);
  const values = new Float64Array(ticks * count);
  for (let tick = 0; tick < ticks; tick += 1)
    for (let s = 0; s < count; s += 1) values[tick * count + s] = chosen[s]!.values[tick]!;
  return { ticks, values, settings: chosen.map(({ settings }) => settings) };
}

/** A detector that scores nothing and notes what it is given. */
function recorder(courses: Map<RobustWindowState, Course>): Detector<RobustWindowState> {
  const plain = new RobustWindowDetector();
  return {
    id: 'recorder',
    version: '1',
    channels: plain.channels,
    createState: () => plain.createState(),
    interrupt: (state) => plain.interrupt(state),
    serialise: (state) => plain.serialise(state),
    restore: (bytes) => plain.restore(bytes),
    async update({ states, values, settings }) {
      states.forEach((state, i) => {
        const course = courses.get(state) ?? { values: [], settings: settings[i]! };
        courses.set(state, course);
        course.settings = settings[i]!;
        course.values.push(values[i]!);
      });
      const column = () => new Float64Array(values.length).fill(NaN);
      return {
        score: column(),
        yhat: column(),
        yhatLower: column(),
        yhatUpper: column(),
        contributions: {},
        missingPoints: new Uint32Array(values.length),
        transitions: [],
      };
    },
  };
}

function calmShop() {
  const text = [
    'dsim: 1',
    'name: recorded-shop',
    'title: A calm day',
    'teaches: A calm day',
    'include: [fleets/shop.yaml, fleets/shop-autoscalers.yaml]',
    'start: 2026-09-14T00:00:00Z',
    'duration: 24h',
  ].join('\n');
  const file = join(SCENARIOS, 'recorded-shop.yaml');
  return parseScenario(text, { file, read: (path) => readFileSync(join(SCENARIOS, path), 'utf8') });
}
