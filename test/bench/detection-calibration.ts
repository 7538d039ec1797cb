import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSeeds } from '../../src/app/dsim/score/score-options.js';
import { table } from '../../src/app/dsim/terminal/words.js';
import { boundaryFor, fitCalibration } from '../../src/engine/detection/calibration/calibration.js';
import type { Calibration } from '../../src/engine/detection/calibration/calibration.types.js';
import { PeakRecorder } from '../../src/engine/detection/calibration/peak-recorder.js';
import { parseScenario } from '../../src/engine/scenario/parse-scenario.js';
import type { Scenario } from '../../src/engine/scenario/scenario.types.js';
import { scoreFaultMatrix } from '../../src/engine/scorecard/fault-matrix/score-fault-matrix.js';
import { createWatcher } from '../../src/engine/scorecard/watcher.js';

const SCENARIOS = new URL('../../scenarios/', import.meta.url).pathname;
const FLEETS: Readonly<Record<string, string>> = {
  shop: '[fleets/shop.yaml, fleets/shop-autoscalers.yaml]',
  'two-clouds': '[fleets/two-clouds.yaml]',
};
const CHOSEN = [0.5, 1, 3, 10, 30];
const DAY_MS = 86_400_000;

interface Values {
  readonly fit: string;
  readonly judge: string;
  readonly days: string;
  readonly 'warm-up-days': string;
  readonly fleets: string;
}

interface Recorded {
  readonly peaks: readonly number[];
  readonly seriesWeeks: number;
}

export async function run(values: Values): Promise<void> {
  const days = [Number(values['warm-up-days']), Number(values.days)] as const;
  const fitted = join2(await recordAll('shop', readSeeds(values.fit), days));
  const calibration = fitCalibration(fitted.peaks, fitted.seriesWeeks, null);
  console.log('fitted on the shop, seeds', values.fit, rounded(calibration));
  for (const fleet of values.fleets.split(',')) {
    const judged = join2(await recordAll(fleet, readSeeds(values.judge), days));
    console.log(`\n${fleet}, seeds ${values.judge}: ${judged.seriesWeeks.toFixed(0)} series weeks`);
    const rows = CHOSEN.map((chosen) => {
      const boundary = boundaryFor(chosen, calibration);
      const above = judged.peaks.filter((peak) => peak > boundary).length;
      return [String(chosen), boundary.toFixed(2), String(above), ((above / judged.seriesWeeks) * 1000).toFixed(2)];
    });
    console.log(table([['chosen', 'boundary', 'pages', 'measured'], ...rows]));
  }
}

async function recordAll(
  fleet: string,
  seeds: readonly number[],
  days: readonly [number, number],
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  for (const seed of seeds) recorded.push(await record(calmScenario(fleet), seed, days));
  return recorded;
}

/** Calm days with seasons of traffic, autoscaling and deploys; the first are for learning. */
async function record(scenario: Scenario, seed: number, [warmUpDays, days]: readonly [number, number]) {
  const stepMs = scenario.telemetry.scrapeInterval * 1000;
  const recorder = new PeakRecorder(scenario.start + warmUpDays * DAY_MS);
  const watcher = createWatcher('peaks', { detector: recorder, stepMs }, async () => ({}));
  await scoreFaultMatrix(scenario, [watcher], { seed, kinds: [], warmUpDays, days });
  return { peaks: recorder.finish(), seriesWeeks: recorder.seriesWeeks };
}

function join2(recorded: readonly Recorded[]): Recorded {
  return {
    peaks: recorded.flatMap(({ peaks }) => peaks),
    seriesWeeks: recorded.reduce((sum, { seriesWeeks }) => sum + seriesWeeks, 0),
  };
}

function calmScenario(fleet: string): Scenario {
  const text = [
    'dsim: 1',
    `name: calm-${fleet}`,
    'title: Calm days',
    'teaches: Calm days',
    `include: ${FLEETS[fleet]!}`,
    'start: 2026-09-14T00:00:00Z',
    'duration: 24h',
  ].join('\n');
  const file = join(SCENARIOS, `calm-${fleet}.yaml`);
  return parseScenario(text, { file, read: (path) => readFileSync(join(SCENARIOS, path), 'utf8') });
}

function rounded(calibration: Calibration): string {
  return JSON.stringify(calibration, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  );
}
