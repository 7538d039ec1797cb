import { mg1Wait, mm1kBlocking, mmcWait, mmcWaitTail } from '../../../src/engine/simulation/queueing/erlang.js';
import type { WorkDistribution } from '../../../src/engine/simulation/model/network.types.js';
import {
  buildNetwork,
  deterministic,
  exponential,
  logNormal,
  type BuiltNetwork,
  type CallFixture,
} from './network-fixture.js';

/** A network whose behaviour is known in closed form. */
export interface QueueingCase {
  readonly name: string;
  /** Users per second. */
  readonly rate: number;
  /** Share of the time that workers are busy; the nearer to 1, the longer a run must be. */
  readonly load: number;
  readonly answers: readonly ClosedForm[];
  build(): BuiltNetwork;
}

export interface ClosedForm {
  readonly quantity: string;
  readonly value: number;
  measure(counters: Counters): number;
}

/** What happened in a stretch of a run. */
export interface Counters {
  readonly offered: number;
  readonly ok: number;
  /** Seconds that answered users waited, and how many of them waited longer than each of the case's bounds. */
  readonly waited: number;
  readonly beyond: (seconds: number) => number;
  readonly rejected: number;
  readonly attempts: number;
}

/** Mean service time in all cases, seconds. */
const SERVICE = 0.01;

export const QUEUEING_CASES: readonly QueueingCase[] = [
  ...[0.3, 0.6, 0.8, 0.9].flatMap((load) => [
    mm1(load),
    mg1('M/D/1', deterministic(SERVICE), load),
    mg1('M/G/1, log-normal with scv 2', logNormal(SERVICE, 2), load),
    mmc(2, load),
    mmc(8, load),
  ]),
  ...[mm1k(5, 0.8), mm1k(3, 1), mm1k(10, 1.5)],
  ...[tandem(0.5), tandem(0.8), retried(0.3), retried(0.6), timedOut(0.005), timedOut(0.02)],
];

function mm1(load: number): QueueingCase {
  const sojourn = SERVICE / (1 - load);
  return queue(`M/M/1 at ${load}`, load, load / SERVICE, exponential(SERVICE), {
    mean: sojourn,
    tails: [1, 2].map((times) => [times * sojourn, Math.exp(-times)] as const),
  });
}

function mg1(name: string, work: WorkDistribution, load: number): QueueingCase {
  const mean = SERVICE + mg1Wait(load / SERVICE, SERVICE, work.scv);
  return queue(`${name} at ${load}`, load, load / SERVICE, work, { mean, tails: [] });
}

/** Sojourn is the exponential service plus a wait that is 0, or exponential with rate theta. */
function mmc(workers: number, load: number): QueueingCase {
  const rate = (load * workers) / SERVICE;
  const mu = 1 / SERVICE;
  const theta = (1 - load) * workers * mu;
  const delayed = mmcWaitTail(workers, rate, SERVICE, 0);
  const tail = (t: number) =>
    (1 - delayed) * Math.exp(-mu * t) +
    (delayed * (mu * Math.exp(-theta * t) - theta * Math.exp(-mu * t))) / (mu - theta);
  return queue(
    `M/M/${workers} at ${load}`,
    load,
    rate,
    exponential(SERVICE),
    {
      mean: SERVICE + mmcWait(workers, rate, SERVICE),
      tails: [2 * SERVICE].map((t) => [t, tail(t)] as const),
    },
    { workers },
  );
}

function mm1k(places: number, load: number): QueueingCase {
  const answers = [share('share refused', mm1kBlocking(places, load), ({ rejected }) => rejected)];
  return {
    ...{ name: `M/M/1/${places} at ${load}`, rate: load / SERVICE, load, answers },
    build: () => single(exponential(SERVICE), { slots: places, queueLimit: 0 }, {}),
  };
}

/**
 * Jackson: stations in tandem behave as if each stood alone. A request holds its place in the stations before, but no
 * worker of theirs.
 */
function tandem(load: number): QueueingCase {
  const station = (next?: string) => ({
    operations: { get: { work: exponential(SERVICE), stages: next ? [[{ to: next }]] : [] } },
  });
  return {
    ...{ name: `three M/M/1 in tandem at ${load}`, rate: load / SERVICE, load },
    answers: [
      { quantity: 'mean time, s', value: (3 * SERVICE) / (1 - load), measure: ({ waited, ok }) => waited / ok },
    ],
    build: () =>
      buildNetwork({
        stations: { first: station('second.get'), second: station('third.get'), third: station() },
        entries: { users: { to: 'first.get' } },
      }),
  };
}

/** Every attempt fails with probability p. With retries without end there are 1 / (1 - p) of them. */
function retried(p: number): QueueingCase {
  const answers = [share('attempts per user', 1 / (1 - p), ({ attempts }) => attempts)];
  const call = { retries: 60, backoff: 0.001, multiplier: 1 };
  return {
    ...{ name: `attempts fail with probability ${p}`, rate: 200, load: 0, answers },
    build: () => single(exponential(SERVICE), { kind: 'delay' }, call, p),
  };
}

/** Where nobody queues, exponential service misses a timeout t with probability exp(-t / mean), each attempt anew. */
function timedOut(timeout: number): QueueingCase {
  const p = Math.exp(-timeout / SERVICE);
  return {
    ...{ name: `timeout of ${timeout} s, two retries`, rate: 200, load: 0 },
    answers: [
      share('attempts per user', 1 + p + p * p, ({ attempts }) => attempts),
      share('share answered', 1 - p ** 3, ({ ok }) => ok),
    ],
    build: () => single(exponential(SERVICE), { kind: 'delay' }, { timeout, retries: 2, backoff: 0.001 }),
  };
}

function queue(
  name: string,
  load: number,
  rate: number,
  work: WorkDistribution,
  { mean, tails }: { mean: number; tails: readonly (readonly [number, number])[] },
  station: { workers?: number } = {},
): QueueingCase {
  return {
    ...{ name, load, rate },
    answers: [
      { quantity: 'mean time, s', value: mean, measure: ({ waited, ok }) => waited / ok },
      ...tails.map(([time, value]) => ({
        ...{ quantity: `share above ${time.toPrecision(3)} s`, value },
        measure: ({ beyond, ok }: Counters) => beyond(time) / ok,
      })),
    ],
    build: () =>
      single(
        work,
        station,
        {},
        0,
        tails.map(([time]) => time),
      ),
  };
}

function share(quantity: string, value: number, part: (counters: Counters) => number): ClosedForm {
  return { quantity, value, measure: (counters) => part(counters) / counters.offered };
}

function single(
  work: WorkDistribution,
  station: { kind?: 'delay'; workers?: number; slots?: number; queueLimit?: number },
  call: Omit<CallFixture, 'to'>,
  errorRatio = 0,
  userLatencies: readonly number[] = [],
): BuiltNetwork {
  return buildNetwork({
    stations: { queue: { ...station, operations: { get: { work, errorRatio } } } },
    entries: { users: { to: 'queue.get', ...call } },
    userLatencies,
  });
}
