import { LIMITS } from '../../../engine/scenario/limits.js';
import { parseDuration } from '../../../engine/scenario/units/duration.js';
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
  /** Whether the shipped detector watches the run. Undefined: where an expectation asks what it finds. */
  readonly watch: boolean | undefined;
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
    watch: { type: 'boolean' },
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
    watch: values['watch'] as boolean | undefined,
  };
}

/** Checked here too, so that what is wrong is said in the words of the option. */
function duration(hours: string | undefined, text: string | undefined): readonly Override[] {
  if (hours !== undefined && text !== undefined)
    throw new UsageError('--hours and --duration say the same thing; give one.');
  if (hours === undefined && text === undefined) return [];
  const seconds = text === undefined ? Math.round(readHours(hours!) * 3600) : parseDuration(text);
  if (seconds === undefined)
    throw new UsageError(`--duration must be one such as 90m, 2h30m or 3d, and "${text}" is not.`);
  if (seconds < 1 || seconds > LIMITS.duration) {
    const [option, most] = text === undefined ? ['--hours', LIMITS.duration / 3600] : ['--duration', '366d'];
    throw new UsageError(`${option} must be at least one second and at most ${most}, and "${text ?? hours}" is not.`);
  }
  return [{ path: 'duration', value: text ?? `${seconds}s` }];
}

function readHours(text: string): number {
  const hours = Number(text);
  if (hours > 0 && text.trim() !== '') return hours;
  throw new UsageError(`--hours must be a positive number, and "${text}" is not.`);
}
