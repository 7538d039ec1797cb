import type { Deployment } from '../../model/fleet.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { TrafficState } from '../../traffic/traffic-state.types.js';
import type { LinkOffsets } from '../layout/application-block.js';
import { EDGE_COLUMNS } from '../telemetry-state.js';
import { hashShare, momentaryCount } from './hash-noise.js';
import type { ScrapeContext } from './scrape-context.js';
import { ROUNDING } from './whole-shares.js';

/** What a deployment's pods see of the components that they call: attempts, pools, breakers. */
export function scrapeLinks(context: ScrapeContext, deployment: Deployment): void {
  const { layout, members } = context;
  const from = members.offset[deployment.station * CELLS_PER_STATION]!;
  const count = members.offset[(deployment.station + 1) * CELLS_PER_STATION]! - from;
  if (count === 0) return;
  for (const link of layout.deployments[deployment.index]!.application.links) {
    for (const edge of link.edges) countAttempts(context, link, edge, from, count);
    if (link.breaker >= 0) scrapeBreaker(context, link, from, count);
    if (link.pool >= 0) scrapePool(context, deployment, link, from, count);
  }
}

/** Whole attempts since the last scrape, dealt to the pods of the deployment in turn. */
function countAttempts(context: ScrapeContext, link: LinkOffsets, edge: number, from: number, count: number): void {
  const { flows } = context.state;
  const { edges: issued, edgeTurn } = context.telemetry.issued;
  const first = edge * EDGE_COLUMNS;
  const attempts = flows.attempts[edge]!;
  const failed = flows.attemptsFailed[edge]!;
  const timedOut = flows.attemptsTimedOut[edge]!;
  const columns = [attempts - failed, failed - timedOut, timedOut, flows.shortCircuited[edge]!];
  const offsets = [link.success, link.error, link.timeout, link.notPermitted];
  let turn = edgeTurn[edge]! % count;
  for (let i = 0; i < EDGE_COLUMNS; i++) {
    const total = Math.max(0, Math.floor(columns[i]! + ROUNDING) - issued[first + i]!);
    issued[first + i]! += total;
    if (total === 0 || offsets[i]! < 0) continue;
    turn = deal(context, offsets[i]!, total, turn, from, count);
  }
  edgeTurn[edge] = turn;
}

/** Gives every pod its share of `total`, the odd ones from `turn` on. Returns whose turn is next. */
function deal(context: ScrapeContext, at: number, total: number, turn: number, from: number, count: number): number {
  const { totals, members } = context;
  const each = Math.floor(total / count);
  const odd = total - each * count;
  for (let k = 0; k < count; k++) {
    const base = members.bases[from + k]!;
    totals[base + at]! += each + ((k - turn + count) % count < odd ? 1 : 0);
  }
  return (turn + odd) % count;
}

function scrapeBreaker(context: ScrapeContext, link: LinkOffsets, from: number, count: number): void {
  const { edgeAdmit } = context.state.parameters;
  let admit = 1;
  for (const edge of link.edges) admit = Math.min(admit, edgeAdmit[edge]!);
  const phase = admit === 1 ? 0 : admit === 0 ? 1 : 2;
  for (let i = 0; i < 3; i++) setAll(context, link.breaker + i, phase === i ? 1 : 0, from, count);
}

/** Connections in use over all pods, leaked ones included; the pool keeps the rest open, idle. */
function scrapePool(
  context: ScrapeContext,
  deployment: Deployment,
  link: LinkOffsets,
  from: number,
  count: number,
): void {
  const { state, totals, members, telemetry, now } = context;
  const { flows, traffic } = state;
  const lost = (traffic as Partial<TrafficState>).leakedPerPod?.[deployment.index] ?? 0;
  let size = 0;
  let used = 0;
  let leaked = 0;
  for (const edge of link.edges) {
    const { poolSize } = context.fleet.calls[edge]!;
    if (!Number.isFinite(poolSize)) continue;
    size += poolSize;
    used += flows.poolInUse[edge]!;
    leaked += Math.min(poolSize, lost);
  }
  const share = hashShare(telemetry.seed ^ 0x706f6f6c, members.bases[from]! + link.pool, now);
  const active = Math.min(size * count, momentaryCount(used + leaked * count, share, size * count));
  const each = Math.floor(active / count);
  const odd = active - each * count;
  const turn = Math.floor(share * 1024) % count;
  for (let k = 0; k < count; k++) {
    const at = members.bases[from + k]! + link.pool;
    const mine = each + ((k - turn + count) % count < odd ? 1 : 0);
    totals[at] = mine;
    totals[at + 1] = size - mine;
    totals[at + 2] = size;
  }
}

function setAll({ totals, members }: ScrapeContext, at: number, value: number, from: number, count: number): void {
  for (let k = 0; k < count; k++) totals[members.bases[from + k]! + at] = value;
}
