import type { Deployment } from '../../model/fleet.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { CODES, type OperationOffsets } from '../layout/application-block.js';
import { hashShare, momentaryCount } from './hash-noise.js';
import { giveWholes, ROUNDING } from './whole-shares.js';
import type { ScrapeContext } from './scrape-context.js';

/**
 * `http_requests_total`, `http_request_duration_seconds` and `http_requests_in_flight` of a deployment: what happened
 * in each cell since the last scrape, in whole requests, evenly over the pods of the cell. Refused requests were
 * answered at once and count in the first bucket.
 */
export function scrapeRequests(context: ScrapeContext, deployment: Deployment): void {
  const { network } = context.fleet;
  const { operations } = context.layout.deployments[deployment.index]!.application;
  const first = deployment.station * CELLS_PER_STATION;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++)
    for (let i = 0; i < operations.length; i++)
      scrapeRow(context, cell, cell * network.operationStride + i, operations[i]!);
}

function scrapeRow(context: ScrapeContext, cell: number, row: number, operation: OperationOffsets): void {
  const { flows } = context.state;
  const { issued } = context.telemetry;
  const { offset } = context.members;
  const { owed, codes, buckets } = context.scratch;
  const from = offset[cell]!;
  const count = offset[cell + 1]! - from;
  if (count > 0) spreadInFlight(context, row, cell, from, count, operation.inFlight);
  const finished =
    flows.ok[row]! +
    flows.failedOwn[row]! +
    flows.failedDependency[row]! +
    flows.failedTimeout[row]! +
    flows.rejected[row]!;
  const firstCode = row * CODES.length;
  let total = Math.floor(finished + ROUNDING);
  for (let i = 0; i < CODES.length; i++) total -= issued.codes[firstCode + i]!;
  if (total <= 0) return;
  owed[0] = flows.ok[row]! * (1 - operation.notFoundRatio) - issued.codes[firstCode]!;
  owed[1] = flows.ok[row]! * operation.notFoundRatio - issued.codes[firstCode + 1]!;
  owed[2] = flows.failedOwn[row]! - issued.codes[firstCode + 2]!;
  owed[3] = flows.failedDependency[row]! - issued.codes[firstCode + 3]!;
  owed[4] = flows.rejected[row]! - issued.codes[firstCode + 4]!;
  owed[5] = flows.failedTimeout[row]! - issued.codes[firstCode + 5]!;
  giveWholes(owed, CODES.length, total, codes);
  const bounds = context.fleet.network.durationBounds.length + 1;
  const firstBucket = row * bounds;
  for (let i = 0; i < bounds; i++) owed[i] = flows.durationBuckets[firstBucket + i]! - issued.buckets[firstBucket + i]!;
  owed[0]! += flows.rejected[row]!;
  giveWholes(owed, bounds, total, buckets);
  for (let i = 0; i < CODES.length; i++) issued.codes[firstCode + i]! += codes[i]!;
  for (let i = 0; i < bounds; i++) issued.buckets[firstBucket + i]! += buckets[i]!;
  const seconds = flows.durationSum[row]! - issued.durationSum[row]!;
  issued.durationSum[row] = flows.durationSum[row]!;
  if (count === 0) {
    issued.lost[row]! += total;
    return;
  }
  spread(context, { row, from, count, total, seconds, bounds }, operation);
}

interface Share {
  readonly row: number;
  readonly from: number;
  readonly count: number;
  readonly total: number;
  readonly seconds: number;
  readonly bounds: number;
}

/** The odd requests of every counter go to one pod after another, going on where the last scrape stopped. */
function spread(context: ScrapeContext, share: Share, operation: OperationOffsets): void {
  const { issued } = context.telemetry;
  const { totals } = context;
  const { bases } = context.members;
  const { codes, buckets } = context.scratch;
  const { row, from, count, bounds } = share;
  let turn = issued.turn[row]! % count;
  for (let i = 0; i < CODES.length; i++) {
    const at = operation.codes[i]!;
    if (codes[i] === 0) continue;
    const each = Math.floor(codes[i]! / count);
    const odd = codes[i]! - each * count;
    for (let k = 0; k < count; k++) {
      totals[bases[from + k]! + at]! += each + ((k - turn + count) % count < odd ? 1 : 0);
    }
    turn = (turn + odd) % count;
  }
  const { owed: each, buckets: odd } = context.scratch;
  for (let i = 0; i < bounds; i++) {
    each[i] = Math.floor(buckets[i]! / count);
    odd[i] = buckets[i]! - each[i]! * count;
  }
  const first = issued.turn[row]! % count;
  for (let k = 0; k < count; k++) {
    let position = k < first ? k - first + count : k - first;
    let below = 0;
    let at = bases[from + k]! + operation.buckets;
    for (let i = 0; i < bounds; i++) {
      below += position < odd[i]! ? each[i]! + 1 : each[i]!;
      position -= odd[i]!;
      if (position < 0) position += count;
      totals[at++]! += below;
    }
    totals[bases[from + k]! + operation.count]! += below;
    totals[bases[from + k]! + operation.sum]! += (share.seconds * below) / share.total;
  }
  issued.turn[row] = turn;
}

/** How many are in flight at the moment of the scrape, and which pods hold the odd ones, is drawn anew each time. */
function spreadInFlight(
  { state, totals, members, telemetry, now }: ScrapeContext,
  row: number,
  cell: number,
  from: number,
  count: number,
  at: number,
): void {
  const { slots, queueLimit } = state.parameters.cells;
  const places = (slots[cell]! + queueLimit[cell]!) * count;
  const whole = momentaryCount(state.flows.inFlight[row]!, hashShare(telemetry.seed ^ 0x666c7977, row, now), places);
  const each = Math.floor(whole / count);
  const odd = whole - each * count;
  const turn = Math.floor(hashShare(telemetry.seed ^ 0x7475726e, row, now) * count);
  for (let k = 0; k < count; k++)
    totals[members.bases[from + k]! + at] = each + ((k - turn + count) % count < odd ? 1 : 0);
}
