import type { Network, WorkDistribution } from '../model/network.types.js';

export const DETERMINISTIC = 0;
export const EXPONENTIAL = 1;
export const LOG_NORMAL = 2;
export const EMPIRICAL = 3;

/** The network in arrays, as the hot loop reads it. A sequence is a list of stages: of an operation, or of a miss. */
export interface DiscretePlan {
  readonly operations: {
    readonly station: Int32Array;
    readonly position: Int32Array;
    readonly work: Uint8Array;
    /** Mean, or mu of the log-normal. */
    readonly first: Float64Array;
    /** Sigma of the log-normal. */
    readonly second: Float64Array;
    readonly quantiles: readonly (Float64Array | null)[];
    readonly cpuSeconds: Float64Array;
    readonly errorRatio: Float64Array;
    readonly contends: Uint8Array;
    /** Its first stage and the end of its stages, in `stageStart`. */
    readonly stage: Int32Array;
    readonly stageEnd: Int32Array;
  };
  readonly edges: {
    readonly probability: Float64Array;
    readonly fanOut: Int32Array;
    readonly async: Uint8Array;
    readonly optional: Uint8Array;
    readonly retries: Float64Array;
    readonly backoff: Float64Array;
    readonly multiplier: Float64Array;
    readonly maxBackoff: Float64Array;
    readonly poolTimeout: Float64Array;
    /** Position among the edges of the calling station. */
    readonly pool: Int32Array;
    readonly missStage: Int32Array;
    readonly missStageEnd: Int32Array;
    /** Position in `Network.entries`, or -1. */
    readonly entry: Int32Array;
  };
  /** Edges of stage s: `stageEdge[stageStart[s]] .. stageEdge[stageStart[s + 1] - 1]`. */
  readonly stageStart: Int32Array;
  readonly stageEdge: Int32Array;
  /** Most edges that any station calls by. */
  readonly poolStride: number;
  /** Per station. */
  readonly shared: Uint8Array;
  readonly delay: Uint8Array;
}

const plans = new WeakMap<Network, DiscretePlan>();

export function planOf(network: Network): DiscretePlan {
  let plan = plans.get(network);
  if (!plan) plans.set(network, (plan = compile(network)));
  return plan;
}

function compile(network: Network): DiscretePlan {
  const { operations, edges, stations } = network;
  const stages: (readonly number[])[] = [];
  const place = (sequence: readonly (readonly number[])[]) => {
    const from = stages.length;
    stages.push(...sequence);
    return { from, to: stages.length };
  };
  const own = operations.map((operation) => place(operation.stages));
  const miss = edges.map((edge) => place(edge.onMiss));
  const pools = poolsOf(network);
  const stageStart = new Int32Array(stages.length + 1);
  stages.forEach((stage, i) => (stageStart[i + 1] = stageStart[i]! + stage.length));
  return {
    operations: {
      station: Int32Array.from(operations, ({ station }) => station),
      position: Int32Array.from(operations, ({ position }) => position),
      work: Uint8Array.from(operations, ({ work }) => workKind(work)),
      first: Float64Array.from(operations, ({ work }) => (work.kind === 'log-normal' ? work.mu : work.mean)),
      second: Float64Array.from(operations, ({ work }) => (work.kind === 'log-normal' ? work.sigma : 0)),
      quantiles: operations.map(({ work }) => (work.kind === 'empirical' ? work.quantiles : null)),
      cpuSeconds: Float64Array.from(operations, ({ cpuSeconds }) => cpuSeconds),
      errorRatio: Float64Array.from(operations, ({ errorRatio }) => errorRatio),
      contends: Uint8Array.from(operations, ({ contends }) => Number(contends)),
      stage: Int32Array.from(own, ({ from }) => from),
      stageEnd: Int32Array.from(own, ({ to }) => to),
    },
    edges: {
      probability: Float64Array.from(edges, ({ probability }) => probability),
      fanOut: Int32Array.from(edges, ({ fanOut }) => fanOut),
      async: Uint8Array.from(edges, (edge) => Number(edge.async)),
      optional: Uint8Array.from(edges, ({ optional }) => Number(optional)),
      retries: Float64Array.from(edges, ({ retries }) => retries),
      backoff: Float64Array.from(edges, ({ backoff }) => backoff),
      multiplier: Float64Array.from(edges, ({ multiplier }) => multiplier),
      maxBackoff: Float64Array.from(edges, ({ maxBackoff }) => maxBackoff),
      poolTimeout: Float64Array.from(edges, ({ poolTimeout }) => poolTimeout),
      pool: pools.position,
      missStage: Int32Array.from(miss, ({ from }) => from),
      missStageEnd: Int32Array.from(miss, ({ to }) => to),
      entry: Int32Array.from(edges, ({ index }) => network.entries.indexOf(index)),
    },
    ...{ stageStart, stageEdge: Int32Array.from(stages.flat()), poolStride: pools.stride },
    shared: Uint8Array.from(stations, ({ dispatch }) => Number(dispatch === 'shared')),
    delay: Uint8Array.from(stations, ({ kind }) => Number(kind === 'delay')),
  };
}

function poolsOf({ edges, operations, stations }: Network): { position: Int32Array; stride: number } {
  const used = new Int32Array(stations.length);
  const position = Int32Array.from(edges, ({ from }) => (from < 0 ? -1 : used[operations[from]!.station]!++));
  return { position, stride: Math.max(1, ...used) };
}

function workKind({ kind }: WorkDistribution): number {
  switch (kind) {
    case 'deterministic':
      return DETERMINISTIC;
    case 'exponential':
      return EXPONENTIAL;
    case 'log-normal':
      return LOG_NORMAL;
    case 'empirical':
      return EMPIRICAL;
  }
}
