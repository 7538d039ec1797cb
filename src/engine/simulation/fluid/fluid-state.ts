import type { Network } from '../model/network.types.js';
import { CELLS_PER_STATION } from '../model/parameters.types.js';
import { NODES } from './grid.js';

/** All that the fluid solver remembers. Rows are those of `Flows`; distributions are masses on the grid, sum 1. */
export interface FluidState {
  /** Per operation: requests on their way to it, delivered when its station is served. */
  readonly incoming: Float64Array;
  /** Per operation: requests of this step that enter their stages, and that leave them. */
  readonly entering: Float64Array;
  readonly leaving: Float64Array;
  /** Per station: of what comes in by connections of pools: requests, connections, and pools. */
  readonly pooledArrivals: Float64Array;
  readonly pooledConnections: Float64Array;
  readonly pools: Float64Array;
  /** Per station: how much longer full pools hold its connections; probability to wait for one, over that of M/G/c. */
  readonly poolStretch: Float64Array;
  readonly poolFull: Float64Array;
  /** Per row: requests that wait or are worked on; requests in their stages. */
  readonly front: Float64Array;
  readonly staged: Float64Array;

  /** Per cell: utilisation of its workers by the stationary curve, and of its places. */
  readonly utilisation: Float64Array;
  readonly slotUse: Float64Array;
  /** Per cell: servers of the step before (those that drain it, where there are none now). */
  readonly servers: Float64Array;
  /** Per cell: variance of the number that waits per server. */
  readonly spread: Float64Array;
  /** Per cell: probability to wait, mean wait of those who do (seconds), its squared coefficient of variation. */
  readonly waitShare: Float64Array;
  readonly waitMean: Float64Array;
  readonly waitScv: Float64Array;
  /** Per cell: work times by contention. */
  readonly contention: Float64Array;

  /** Per row: share of the station's arrivals of this operation that the cell took; share of those it refused. */
  readonly taken: Float64Array;
  readonly refused: Float64Array;
  /** Per row: seconds until the work is done; until the answer. */
  readonly workedMean: Float64Array;
  readonly finishedMean: Float64Array;
  /** Per row x (durationBounds + 1): shares of the same. */
  readonly workedBuckets: Float64Array;
  readonly finishedBuckets: Float64Array;

  /** Per operation: seconds in the stages, of all who enter them; how they end. */
  readonly stagesMean: Float64Array;
  readonly stagesOk: Float64Array;
  readonly stagesTimedOut: Float64Array;
  /** Per operation: distribution of successful answers; share of arrivals so answered, refused, failed later; when. */
  readonly answer: Float64Array;
  readonly answerOk: Float64Array;
  readonly answerRefused: Float64Array;
  readonly answerFailedMean: Float64Array;
  /** Per operation: what callers last heard of its answers (`drift.ts`): moments of the time, shares, time to fail. */
  readonly toldMean: Float64Array;
  readonly toldSquare: Float64Array;
  readonly toldOk: Float64Array;
  readonly toldRefused: Float64Array;
  readonly toldFailedMean: Float64Array;
  /** Per stage: share of requests that pass it. */
  readonly stageOk: Float64Array;

  /** Per edge, per attempt: share that fails, that times out, after which another follows; seconds that it holds a connection. */
  readonly attemptFailed: Float64Array;
  readonly attemptTimedOut: Float64Array;
  readonly attemptRetried: Float64Array;
  readonly attemptMean: Float64Array;
  /** Per edge: squared coefficient of variation of the time that an attempt holds a connection. */
  readonly attemptScv: Float64Array;
  /** Per edge: distribution of successful calls, retries included; their share; mean of failed ones, of all. */
  readonly call: Float64Array;
  readonly callOk: Float64Array;
  readonly callTimedOut: Float64Array;
  readonly callFailedMean: Float64Array;
  readonly callMean: Float64Array;
  readonly callOkMean: Float64Array;
  /** Per edge: share of calls that were answered, what follows a miss left out; hit ratio of those who answer. */
  readonly callAnswered: Float64Array;
  readonly callHit: Float64Array;

  /** Per edge: attempts that wait for a connection, all callers together; utilisation; share refused; wait. */
  readonly poolQueue: Float64Array;
  readonly poolUse: Float64Array;
  readonly poolRefused: Float64Array;
  readonly poolWaitShare: Float64Array;
  readonly poolWaitMean: Float64Array;

  /** What was last described, and how far it has drifted from that (`drift.ts`): per row, operation and edge. */
  readonly rowTime: Float64Array;
  readonly rowChance: Float64Array;
  readonly rowWait: Float64Array;
  readonly operationDrift: Float64Array;
  readonly edgeTime: Float64Array;
  readonly edgeChance: Float64Array;
  readonly edgeDrift: Float64Array;
  readonly edgeChanged: Uint8Array;
  /** One value: steps since anything was described; below 0: nothing has been yet. */
  readonly age: Float64Array;

  /** Per entry x (userBounds + 1): shares of successful answers; and users whose outcome is open. */
  readonly userShares: Float64Array;
  readonly users: Float64Array;
}

export function createFluidState(network: Network, stages: number): FluidState {
  const cells = network.stations.length * CELLS_PER_STATION;
  const rows = cells * network.operationStride;
  const bounds = network.durationBounds.length + 1;
  const operations = network.operations.length;
  const edges = network.edges.length;
  const zeros = (count: number) => new Float64Array(count);
  const ones = (count: number) => new Float64Array(count).fill(1);
  return {
    incoming: zeros(operations),
    entering: zeros(operations),
    leaving: zeros(operations),
    pooledArrivals: zeros(network.stations.length),
    pooledConnections: zeros(network.stations.length),
    pools: zeros(network.stations.length),
    poolStretch: ones(network.stations.length),
    poolFull: ones(network.stations.length),
    front: zeros(rows),
    staged: zeros(rows),
    utilisation: zeros(cells),
    slotUse: zeros(cells),
    servers: zeros(cells),
    spread: zeros(cells),
    waitShare: zeros(cells),
    waitMean: zeros(cells),
    waitScv: ones(cells),
    contention: ones(cells),
    taken: zeros(rows),
    refused: zeros(rows),
    workedMean: zeros(rows),
    finishedMean: zeros(rows),
    workedBuckets: zeros(rows * bounds),
    finishedBuckets: zeros(rows * bounds),
    stagesMean: zeros(operations),
    stagesOk: ones(operations),
    stagesTimedOut: zeros(operations),
    answer: zeros(operations * NODES),
    answerOk: ones(operations),
    answerRefused: zeros(operations),
    answerFailedMean: zeros(operations),
    toldMean: ones(operations).fill(-1),
    toldSquare: zeros(operations),
    toldOk: zeros(operations),
    toldRefused: zeros(operations),
    toldFailedMean: zeros(operations),
    stageOk: ones(stages),
    attemptFailed: zeros(edges),
    attemptTimedOut: zeros(edges),
    attemptRetried: zeros(edges),
    attemptMean: zeros(edges),
    attemptScv: ones(edges),
    call: zeros(edges * NODES),
    callOk: ones(edges),
    callTimedOut: zeros(edges),
    callFailedMean: zeros(edges),
    callMean: zeros(edges),
    callOkMean: zeros(edges),
    callAnswered: ones(edges),
    callHit: ones(edges),
    poolQueue: zeros(edges),
    poolUse: zeros(edges),
    poolRefused: zeros(edges),
    poolWaitShare: zeros(edges),
    poolWaitMean: zeros(edges),
    rowTime: ones(rows).fill(-1),
    rowChance: zeros(rows),
    rowWait: zeros(rows),
    operationDrift: zeros(operations),
    edgeTime: ones(edges).fill(-1),
    edgeChance: zeros(edges),
    edgeDrift: zeros(edges),
    edgeChanged: new Uint8Array(edges),
    age: new Float64Array(1).fill(-1),
    userShares: zeros(network.entries.length * (network.userBounds.length + 1)),
    users: zeros(network.entries.length),
  };
}
