import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DETECTOR_NAMES, type DetectorName } from '../../src/app/dsim/score/detectors.js';
import { readSeeds } from '../../src/app/dsim/score/score-options.js';
import type { ScoreUnit } from '../../src/app/dsim/score/score-work.js';
import { share, value } from '../../src/app/dsim/score/score-text.js';
import { table } from '../../src/app/dsim/terminal/words.js';
import { parseScenario } from '../../src/engine/scenario/parse-scenario.js';
import type { Scenario } from '../../src/engine/scenario/scenario.types.js';
import { ALL_FAULT_KINDS } from '../../src/engine/scorecard/fault-matrix/plan-faults.js';
import { scoreCard } from '../../src/engine/scorecard/score-card.js';
import type { DetectorScore, ScoredRun } from '../../src/engine/scorecard/score-card.types.js';

const SCENARIOS = new URL('../../scenarios/', import.meta.url).pathname;

const FLEETS: Readonly<Record<string, string>> = {
  shop: '[fleets/shop.yaml, fleets/shop-autoscalers.yaml]',
  'two-clouds': '[fleets/two-clouds.yaml]',
  large: '[fleets/large.yaml]',
};

interface Values {
  readonly quick: boolean;
  readonly fleets?: string;
  readonly seeds?: string;
  readonly days?: string;
  readonly 'warm-up-days'?: string;
  readonly 'per-kind'?: string;
  readonly detectors?: string;
  readonly 'baseline-days'?: string;
}

const SHIPPED: DetectorName = 'channel-ensemble';

/** The shipped detector on all fleets; the others on the first seed of the smaller ones, over fewer days. */
export function planUnits(values: Values): readonly ScoreUnit[] {
  const { quick } = values;
  const fleets = (values.fleets ?? (quick ? 'shop,two-clouds' : 'shop,two-clouds,large')).split(',');
  const seeds = readSeeds(values.seeds ?? (quick ? '1000' : '1000..1001'));
  const names = (values.detectors?.split(',') ?? DETECTOR_NAMES) as readonly DetectorName[];
  const unknown = [
    ...names.filter((name) => !DETECTOR_NAMES.includes(name)),
    ...fleets.filter((name) => !FLEETS[name]),
  ];
  if (unknown.length > 0) throw new Error(`There is no detector or fleet ${unknown.join(', ')}.`);
  const days = Number(values.days ?? (quick ? 1 : 5));
  const warmUpDays = Number(values['warm-up-days'] ?? (quick ? 1 : 2));
  const perKind = Number(values['per-kind'] ?? (quick ? 1 : 2));
  const baselineDays = Number(values['baseline-days'] ?? 1);
  const units: ScoreUnit[] = [];
  for (const fleet of fleets) {
    const large = fleet === 'large';
    const scenario = fleetScenario(fleet);
    const unit = (seed: number, detector: DetectorName, faults: Omit<NonNullable<ScoreUnit['faults']>, 'kinds'>) =>
      units.push({
        scenario,
        seed,
        choices: [{ title: detector, detector, falseAlarmsPerWeek: 1 }],
        faults: { kinds: ALL_FAULT_KINDS, ...faults },
        warmUpSeconds: undefined,
        tracePoints: large ? 0 : 120,
      });
    for (const seed of large ? seeds.slice(0, 1) : seeds) {
      if (!names.includes(SHIPPED)) continue;
      if (large) unit(seed, SHIPPED, { days: Math.min(days, 0.5), warmUpDays: Math.min(warmUpDays, 1), perKind: 1 });
      else unit(seed, SHIPPED, { days, warmUpDays, perKind });
    }
    const baseline = { days: Math.min(days, baselineDays), warmUpDays: Math.min(warmUpDays, 1), perKind: 1 };
    for (const name of large ? [] : names) if (name !== SHIPPED) unit(seeds[0]!, name, baseline);
  }
  // The longest first, so that no core waits for it at the end.
  return units.sort((a, b) => Number(b.scenario.name === 'large') - Number(a.scenario.name === 'large'));
}

export function withoutDrawings(runs: readonly ScoredRun[]): readonly ScoredRun[] {
  const bare = { times: [], values: [], lower: [], upper: [], scores: [] };
  return runs.map((run) => ({
    ...run,
    anomalies: run.anomalies.map((detection) => ({ ...detection, trace: null })),
    pages: run.pages.map((detection) => ({ ...detection, trace: null })),
    nearMisses: Object.fromEntries(
      Object.entries(run.nearMisses).map(([id, near]) => [id, near.map((each) => ({ ...each, trace: bare }))]),
    ),
  }));
}

export function fleetScenario(fleet: string): Scenario {
  const text = `dsim: 1
name: ${fleet}
title: Calm days of ${fleet}
teaches: Nothing but what normal looks like.
include: ${FLEETS[fleet]!}
start: 2026-09-14T00:00:00+02:00
duration: 1d
`;
  const read = (path: string) => readFileSync(join(SCENARIOS, path), 'utf8');
  return parseScenario(text, { file: `${fleet}.yaml`, read, overrides: [] });
}

export function print(runs: readonly ScoredRun[], { misses, out }: { misses: boolean; out?: string }): void {
  const fleets = [...new Set(runs.map(({ run }) => run.replace(/, seed.*/, '')))];
  if (out !== undefined) writeFileSync(out, JSON.stringify(runs));
  for (const fleet of fleets) {
    const own = runs.filter(({ run }) => run.startsWith(`${fleet},`));
    printFleet(
      `${fleet} (${[...new Set(own.map(({ run }) => run.replace(/.*seed /, 'seed ')))].join(', ')})`,
      own,
      misses,
    );
  }
  if (fleets.length > 1) printFleet('all fleets', runs, misses);
}

function printFleet(title: string, runs: readonly ScoredRun[], misses: boolean): void {
  const { detectors } = scoreCard(runs);
  console.log(`\n## ${title}\n`);
  const head = [
    'detector',
    'in time',
    'by chance',
    'found',
    'scrapes from harm',
    'from start',
    'anomalies*',
    'pages*',
    'pages/week',
    '1,000 series weeks',
  ];
  console.log(table([head, ...detectors.map(row)]));
  console.log(
    '* per 1,000 series and week on calm days with deploys and autoscaling; [95 % intervals]; in time: within 3 scrapes of the first harm',
  );
  const [first] = detectors;
  if (first === undefined) return;
  const kinds = first.byKind.map(({ kind, found, stretches, inTime, harmful, fromHarm }) => [
    kind,
    `${found}/${stretches}`,
    harmful === 0 ? '-' : `${inTime}/${harmful}`,
    fromHarm.scrapes.value === null ? '-' : fromHarm.scrapes.value.toFixed(1),
  ]);
  console.log(`\n${first.detector}\n${table([['kind', 'found', 'in time', 'scrapes from harm'], ...kinds])}`);
  if (misses) printEvidence(first, runs);
}

function row({ detector, all, inTimeByChance, calm }: DetectorScore): readonly string[] {
  return [
    detector,
    `${all.inTime}/${all.harmful} ${share(all.recallInTime)}`,
    inTimeByChance === null ? '-' : `${(inTimeByChance * 100).toFixed(1)} %`,
    `${all.found}/${all.stretches} ${share(all.recall)}`,
    value(all.fromHarm.scrapes),
    value(all.fromStart.scrapes),
    value(calm.anomalyRate),
    value(calm.pageRate),
    value(calm.pagesPerWeek),
    calm.thousandSeriesWeeks.toFixed(2),
  ];
}

function printEvidence({ detector, misses }: DetectorScore, runs: readonly ScoredRun[]): void {
  for (const { run, stretch, late, secondsFromHarm, nearest } of misses) {
    const how = late ? `late, ${secondsFromHarm} s after harm` : `missed${stretch.harmedAt === null ? '' : ', HARM'}`;
    const near = nearest.map(({ subject, score }) => `${score.toFixed(2)} ${subject.slice(0, 90)}`).join(' | ');
    console.log(`  ${stretch.kind} on ${stretch.where} (${run}): ${how}; ${near}`);
  }
  const counts = new Map<string, { count: number; first: string }>();
  for (const run of runs.filter((each) => each.detector === detector)) {
    for (const { at, branch, subject, reason } of run.anomalies) {
      if (branch !== null || at < run.from) continue;
      const key = `${subject.replace(/\{.*/, '')} [${reason}]`;
      const known = counts.get(key) ?? { count: 0, first: `${new Date(at).toISOString().slice(5, 16)} ${subject}` };
      counts.set(key, { ...known, count: known.count + 1 });
    }
  }
  for (const [key, { count, first }] of [...counts].sort((a, b) => b[1].count - a[1].count).slice(0, 60))
    console.log(`  false alarms ${String(count).padStart(4)} ${key}: ${first.slice(0, 200)}`);
}
