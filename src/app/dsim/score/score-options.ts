import { availableParallelism } from 'node:os';
import { ALL_FAULT_KINDS } from '../../../engine/scorecard/fault-matrix/plan-faults.js';
import type { FaultKind } from '../../../engine/scenario/fault.types.js';
import { readArguments, readChoice, readWhole, type Arguments } from '../arguments.js';
import { UsageError } from '../usage-error.js';
import { DETECTOR_NAMES, type DetectorName } from './detectors.js';

export type ScoreMode = 'scenarios' | 'faults' | 'nab' | 'csv';

export interface ScoreOptions {
  readonly mode: ScoreMode;
  readonly scenarios: readonly string[];
  /** Empty: the scenario's own. */
  readonly seeds: readonly number[];
  readonly detectors: readonly DetectorName[];
  /** Prometheus rule files. */
  readonly rules: readonly string[];
  /** Files with detection settings, each a row of its own. */
  readonly configs: readonly string[];
  readonly falseAlarmsPerWeek: number;
  readonly kinds: readonly FaultKind[];
  readonly perKind: number;
  readonly days: number;
  readonly warmUpDays: number | undefined;
  readonly nab: string | undefined;
  readonly csv: string | undefined;
  readonly windows: string | undefined;
  readonly out: string | undefined;
  readonly junit: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly jobs: number;
  /** Gates: the first detector must keep them. Shares and rates; undefined: none. */
  readonly minRecall: number | undefined;
  readonly maxFalseAlarms: number | undefined;
}

/** Seeds of one run at most: a range that was meant otherwise would run for days. */
const MOST_SEEDS = 1000;

/** @throws UsageError */
export function readScoreOptions(args: readonly string[]): ScoreOptions {
  const read = readArguments('score', args, {
    seeds: { type: 'string' },
    detector: { type: 'string', multiple: true },
    rules: { type: 'string', multiple: true },
    config: { type: 'string', multiple: true },
    'false-alarms-per-week': { type: 'string' },
    faults: { type: 'boolean' },
    kinds: { type: 'string' },
    'per-kind': { type: 'string' },
    days: { type: 'string' },
    'warm-up-days': { type: 'string' },
    nab: { type: 'string' },
    csv: { type: 'string' },
    windows: { type: 'string' },
    out: { type: 'string', short: 'o' },
    junit: { type: 'string' },
    json: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
    jobs: { type: 'string' },
    'min-recall': { type: 'string' },
    'max-false-alarms': { type: 'string' },
  });
  const text = (name: string) => read.values[name] as string | undefined;
  const faults = read.values['faults'] === true;
  const mode = modeOf(read, faults);
  return {
    mode,
    scenarios: read.positionals,
    seeds: readSeeds(text('seeds')),
    detectors: list(read, 'detector').map((name) => readChoice('detector', name, DETECTOR_NAMES)),
    rules: list(read, 'rules'),
    configs: list(read, 'config'),
    falseAlarmsPerWeek: readPositive(read, 'false-alarms-per-week') ?? 1,
    kinds: readKinds(text('kinds')),
    perKind: readWhole(read, 'per-kind', 1, 100) ?? 1,
    days: readPositive(read, 'days') ?? 1,
    warmUpDays: readPositive(read, 'warm-up-days'),
    nab: text('nab'),
    csv: text('csv'),
    windows: text('windows'),
    out: text('out'),
    junit: text('junit'),
    json: read.values['json'] === true,
    quiet: read.values['quiet'] === true,
    jobs: readWhole(read, 'jobs', 1, 64) ?? Math.max(1, Math.min(8, availableParallelism())),
    minRecall: readPercent(read, 'min-recall'),
    maxFalseAlarms: readPositive(read, 'max-false-alarms'),
  };
}

function modeOf({ values, positionals }: Arguments, faults: boolean): ScoreMode {
  const given = ['nab', 'csv'].filter((name) => values[name] !== undefined);
  if (given.length > 0 && (positionals.length > 0 || faults || given.length > 1)) {
    throw new UsageError(`--${given[0]!} stands alone: leave out scenarios, --faults and other data.`);
  }
  if (values['csv'] !== undefined && values['windows'] === undefined) {
    throw new UsageError('--csv needs --windows FILE: the stretches that are known to be wrong.');
  }
  if (values['windows'] !== undefined && values['csv'] === undefined) {
    throw new UsageError('--windows belongs to --csv FILE.');
  }
  if (values['nab'] !== undefined && values['rules'] !== undefined) {
    throw new UsageError('--rules needs telemetry that rules can name: a scenario, or --csv. The benchmark has none.');
  }
  if (given[0] === 'nab') return 'nab';
  if (given[0] === 'csv') return 'csv';
  if (positionals.length === 0) {
    throw new UsageError('Score on what? `dsim score SCENARIO...`, or --nab DIR, or --csv FILE --windows FILE.');
  }
  return faults ? 'faults' : 'scenarios';
}

/** `1..5`, `1,2,9`, or both. */
export function readSeeds(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  const wrong = new UsageError(`--seeds must be numbers and ranges such as 1..5 or 1,2,9, and "${text}" is not.`);
  const seeds = text.split(',').flatMap((part) => {
    const match = /^(\d{1,10})(?:\.\.(\d{1,10}))?$/.exec(part.trim());
    if (match === null) throw wrong;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (to < from || to >= 2 ** 32 || to - from >= MOST_SEEDS) throw wrong;
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return [...new Set(seeds)];
}

function readKinds(text: string | undefined): readonly FaultKind[] {
  if (text === undefined) return ALL_FAULT_KINDS;
  return text.split(',').map((kind) => readChoice('kinds', kind.trim(), ALL_FAULT_KINDS));
}

function list({ values }: Arguments, name: string): readonly string[] {
  return ((values[name] as readonly string[] | undefined) ?? []).flatMap((text) => text.split(','));
}

function readPositive({ values }: Arguments, name: string): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && value < Infinity) return value;
  throw new UsageError(`--${name} must be a number above 0, and "${String(text)}" is not.`);
}

function readPercent({ values }: Arguments, name: string): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(String(text).replace(/%$/, ''));
  if (value >= 0 && value <= 100) return value / 100;
  throw new UsageError(`--${name} must be a share in percent from 0 to 100, and "${String(text)}" is not.`);
}
