import { z } from 'zod';
import type { DistributionSpec } from '../component.types.js';
import { formatDuration } from '../units/duration.js';
import { duration, list, section } from './fields.js';
import { without } from './forms.js';

/** Largest p99 / mean of a log-normal distribution: exp(z^2 / 2) = 14.97 with z = 2.3263, the p99 of the standard normal. */
const MAX_P99_TO_MEAN = 14.9;

const POSITIVE = { above: 0, max: 86_400 };

const longForm = section({
  mean: duration('Mean. Alone: exponential; with `p99`: log-normal.', POSITIVE).optional(),
  p99: duration('99th percentile, 1 to 14.9 times the mean.', POSITIVE).optional(),
  exponential: duration('Mean of an exponential distribution.', POSITIVE).optional(),
  deterministic: duration('Always exactly this.', POSITIVE).optional(),
  empirical: list(
    duration('A quantile.', { max: 86_400 }),
    'Measured quantiles at evenly spaced probabilities, the smallest value first, the largest last.',
    1001,
    2,
  ).optional(),
}).meta({
  id: 'Distribution',
  description: 'How long the work of a request takes.',
  minProperties: 1,
  dependentRequired: { p99: ['mean'] },
  dependentSchemas: Object.fromEntries(
    [['mean'], ['exponential', 'p99'], ['deterministic', 'p99'], ['empirical', 'p99']].map(([key, ...more]) => [
      key!,
      without(...['mean', 'exponential', 'deterministic', 'empirical'].filter((other) => other !== key), ...more),
    ]),
  ),
});

const long = longForm.transform((input, context): DistributionSpec => {
  const fail = (message: string, path: (string | number)[] = []) => {
    context.issues.push({ code: 'custom', input, message, path });
    return z.NEVER;
  };
  const { mean, p99, exponential, deterministic, empirical } = input;
  const given = Object.values({ mean, exponential, deterministic, empirical }).filter((value) => value !== undefined);
  if (given.length !== 1)
    return fail('give exactly one of mean (with or without p99), exponential, deterministic, empirical');
  if (p99 !== undefined && mean === undefined) return fail('p99 needs the mean beside it', ['p99']);
  if (deterministic !== undefined) return { kind: 'deterministic', mean: deterministic };
  if (exponential !== undefined) return { kind: 'exponential', mean: exponential };
  if (empirical !== undefined) {
    const falling = empirical.findIndex((value, index) => index > 0 && value < empirical[index - 1]!);
    if (falling > 0) return fail('quantiles must not fall', ['empirical', falling]);
    if (empirical.at(-1) === 0) return fail('the largest quantile must be above 0', ['empirical']);
    return { kind: 'empirical', quantiles: empirical };
  }
  if (p99 === undefined) return { kind: 'exponential', mean: mean! };
  if (p99 < mean! || p99 > mean! * MAX_P99_TO_MEAN) {
    const most = formatDuration(Number((mean! * MAX_P99_TO_MEAN).toPrecision(12)));
    return fail(
      `no log-normal distribution with mean ${formatDuration(mean!)} has this p99: must be ${formatDuration(mean!)} to ${most}`,
      ['p99'],
    );
  }
  return { kind: 'log-normal', mean: mean!, p99 };
});

/** A distribution of times: `20ms` (exponential), `{ mean, p99 }` (log-normal), `{ deterministic }`, `{ empirical }`. */
export function work(description: string) {
  const short = duration('Mean of an exponential distribution.', POSITIVE).transform((mean): DistributionSpec => ({
    kind: 'exponential',
    mean,
  }));
  return z.union([short, long]).describe(description);
}

export function meanOf(work: DistributionSpec): number {
  if (work.kind !== 'empirical') return work.mean;
  const { quantiles } = work;
  const inner = quantiles.slice(1, -1).reduce((sum, value) => sum + value, 0);
  return (inner + (quantiles[0]! + quantiles.at(-1)!) / 2) / (quantiles.length - 1);
}
