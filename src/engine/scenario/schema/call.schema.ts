import { z } from 'zod';
import type { BreakerSpec, RetrySpec } from '../component.types.js';
import { LIMITS } from '../limits.js';
import { count, duration, flag, list, number, ratio, section } from './fields.js';

/** A call as it is written, units read, names not yet looked up. */
export interface RawCall {
  readonly call: string;
  readonly probability: number;
  readonly fanOut: number;
  readonly sequential: boolean;
  readonly timeout: number;
  readonly retries: RetrySpec;
  readonly breaker: BreakerSpec | null;
  readonly pool: { readonly size: number; readonly timeout: number } | null;
  readonly optional: boolean;
  readonly onMiss: readonly RawStage[];
}

/** `short`: the stage is one call without `parallel`. */
export interface RawStage {
  readonly calls: readonly RawCall[];
  readonly parallel: boolean;
}

const backoff = (description: string) => duration(description, { max: 3600 });

const longRetries = section({
  max: count('Attempts after the first.', 0, 20).prefault(2),
  backoff: backoff('Before the first retry; full jitter, so from 0 to this.').prefault('100ms'),
  multiplier: number('Each further retry waits this many times longer.', { min: 1, max: 100 }).prefault(2),
  maxBackoff: backoff('The wait grows no further.').prefault('10s'),
  budget: z
    .union([z.literal('none').transform(() => Infinity), ratio('A share.', { min: 0, max: 10 })])
    .describe('Retries may be at most this share of first attempts (retry budget); none: no budget.')
    .prefault('none'),
});

const NO_RETRIES: RetrySpec = { max: 0, backoff: 0.1, multiplier: 2, maxBackoff: 10, budget: Infinity };

export const retries = z
  .union([
    count('So many.', 0, 20)
      .meta({ examples: [2] })
      .transform((max): RetrySpec => ({ ...NO_RETRIES, max })),
    longRetries,
  ])
  .meta({ id: 'Retries', description: 'Attempts after the first: a number, or with back-off and budget.' })
  .default(NO_RETRIES);

/** Defaults of Hystrix: 20 calls in 10 s, half of them bad, open for 5 s. */
const HYSTRIX: BreakerSpec = { errorRatio: 0.5, minimumCalls: 20, window: 10, openFor: 5 };

const breaker = z
  .union([
    flag('On with the defaults, or off.').transform((on): BreakerSpec | null => (on ? HYSTRIX : null)),
    section({
      errorRatio: ratio('Opens when this share of the calls of the window failed.').prefault('50%'),
      minimumCalls: count('Calls in the window below which it does not open.', 1, 1e6).prefault(20),
      window: duration('Length of the window.', { above: 0, max: 3600, bare: true }).prefault('10s'),
      openFor: duration('How long it stays open before it lets a few through.', {
        above: 0,
        max: 3600,
        bare: true,
      }).prefault('5s'),
    }),
  ])
  .describe('Circuit breaker: true for the defaults of Hystrix, or its settings.')
  .default(null);

const pool = z
  .union([
    count('So many.', 1, 1e6)
      .meta({ examples: [20] })
      .transform((size) => ({ size, timeout: Infinity })),
    section({
      size: count('Connections per pod.', 1, 1e6).meta({ examples: [20] }),
      timeout: duration('How long a request waits for one.', { none: true, max: 86_400 }).prefault('none'),
    }),
  ])
  .nullable()
  .describe(
    'Connections per pod to this component: a number, or with a time limit of waiting for one. Left out: no limit.',
  )
  .default(null);

/** `cart.read`, or `cart`. */
export const OPERATION = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)?$/;

const reference = z
  .string({ error: 'must be component.operation, for example cart.read' })
  .regex(OPERATION, { error: 'must be component.operation, for example cart.read' })
  .meta({
    description:
      '`component.operation`. Operations of stores: `read` and `write` of a database; a cache, queue or external service has one and needs none named.',
    examples: ['cart.read', 'cart-db.write', 'sessions'],
  });

const stages: z.ZodType<readonly RawStage[], unknown> = z.lazy(() => stageList);

const longCall = section({
  call: reference,
  probability: ratio('Share of the requests that make this call.').prefault('100%'),
  fanOut: count('Calls made at once.', 1, LIMITS.fanOut).prefault(1),
  sequential: flag('With `fanOut`: one after another instead of at once.').prefault(false),
  timeout: duration('Given up after this; the callee keeps working. `none`: never.', {
    above: 0,
    none: true,
    max: 86_400,
  }).prefault('5s'),
  retries: retries.describe('What follows a failed attempt.'),
  breaker,
  pool,
  optional: flag('A failure of this call does not fail the request.').prefault(false),
  onMiss: stages.describe('Of a cache: what the caller does when it has no entry.').default([]),
});

const plain = (call: string): RawCall => longCall.parse({ call });

const call = z.union([reference.transform(plain), longCall.transform((value): RawCall => value)]).meta({
  id: 'Call',
  description: '`cart.read`, or with details: `{ call: cart.read, timeout: 500ms }`.',
});

const parallel = section({
  parallel: list(call, 'Calls made at once; the stage ends when all have.', LIMITS.callsPerOperation, 1),
});

const stageList = list(
  z.union([
    reference.transform((name): RawStage => ({ calls: [plain(name)], parallel: false })),
    longCall.transform((value): RawStage => ({ calls: [value], parallel: false })),
    parallel.transform((value): RawStage => ({ calls: value.parallel, parallel: true })),
  ]),
  'Stages, one after another.',
  LIMITS.callsPerOperation,
).meta({ id: 'Stages' });

export const callStages = stages.describe(
  'Calls to other components, one after another; `parallel` makes several at once.',
);
