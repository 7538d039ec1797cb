import type { SolverName } from '../../../engine/simulation/model/solver.types.js';
import { readArguments, readChoice, readWhole } from '../arguments.js';
import { parseOverride, type Override } from '../scenario/override.js';
import { UsageError } from '../usage-error.js';
import { METRIC_FORMATS, type MetricFormatName } from './metric-formats.js';

export interface RunOptions {
  readonly scenario: string;
  readonly seed: number | undefined;
  readonly solver: SolverName;
  readonly overrides: readonly Override[];
  readonly out: string | undefined;
  readonly force: boolean;
  readonly formats: readonly MetricFormatName[];
  readonly junit: string | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
  /** Undefined: where the scenario has faults and something shows the result. */
  readonly groundTruth: boolean | undefined;
}

/** @throws UsageError */
export function readRunOptions(args: readonly string[]): RunOptions {
  const read = readArguments('run', args, {
    seed: { type: 'string' },
    hours: { type: 'string' },
    duration: { type: 'string' },
    solver: { type: 'string', default: 'fluid' },
    out: { type: 'string', short: 'o' },
    force: { type: 'boolean' },
    format: { type: 'string', multiple: true },
    junit: { type: 'string' },
    set: { type: 'string', multiple: true },
    quiet: { type: 'boolean', short: 'q' },
    json: { type: 'boolean' },
    'ground-truth': { type: 'boolean' },
  });
  const { values, positionals } = read;
  const [scenario, ...more] = positionals;
  if (scenario === undefined) throw new UsageError('Which scenario? `dsim run FILE`; `dsim list` shows the library.');
  if (more.length > 0) throw new UsageError(`dsim run takes one scenario, and "${more[0]}" is one more.`);
  const formats = ((values['format'] as readonly string[] | undefined) ?? []).flatMap((text) =>
    text.split(',').map((format) => readChoice('format', format, METRIC_FORMATS)),
  );
  if (formats.length > 0 && values['out'] === undefined) {
    throw new UsageError('--format says how metrics are written; add --out DIR to say where.');
  }
  return {
    scenario,
    seed: readWhole(read, 'seed', 0, 2 ** 32 - 1),
    solver: readChoice('solver', values['solver'] as string, ['fluid', 'discrete-event']),
    overrides: [
      ...((values['set'] as readonly string[] | undefined) ?? []).map(parseOverride),
      ...duration(values['hours'] as string | undefined, values['duration'] as string | undefined),
    ],
    out: values['out'] as string | undefined,
    force: values['force'] === true,
    formats: [...new Set(formats)],
    junit: values['junit'] as string | undefined,
    quiet: values['quiet'] === true,
    json: values['json'] === true,
    groundTruth: values['ground-truth'] as boolean | undefined,
  };
}

/** The scenario's own field takes it, with its own checks. */
function duration(hours: string | undefined, text: string | undefined): readonly Override[] {
  if (hours !== undefined && text !== undefined)
    throw new UsageError('--hours and --duration say the same thing; give one.');
  if (text !== undefined) return [{ path: 'duration', value: text }];
  if (hours === undefined) return [];
  const number = Number(hours);
  if (!(number > 0) || hours.trim() === '')
    throw new UsageError(`--hours must be a positive number, and "${hours}" is not.`);
  return [{ path: 'duration', value: `${Math.round(number * 3600)}s` }];
}
