import type { OperationSpec } from '../../../scenario/component.types.js';
import type { Deployment, Fleet } from '../../model/fleet.types.js';
import { APPLICATION, TARGET } from '../families/application.js';
import { formatBound } from '../formats/numbers.js';
import type { BlockBuilder } from './block-template.js';

/** Status codes of a server in the order of the columns of `ISSUED_CODES`. */
export const CODES = ['200', '404', '500', '502', '503', '504'] as const;

/** Offsets within the block. */
export interface OperationOffsets {
  /** By code; an operation that cannot answer so points to what it would answer instead. */
  readonly codes: readonly number[];
  /** Of the first bucket; the buckets, `_count` and `_sum` follow. */
  readonly buckets: number;
  readonly count: number;
  readonly sum: number;
  readonly inFlight: number;
  readonly notFoundRatio: number;
}

/** Calls of a deployment to one component, all its operations together. */
export interface LinkOffsets {
  readonly component: number;
  readonly edges: readonly number[];
  readonly success: number;
  readonly error: number;
  readonly timeout: number;
  /** First of closed, open and half_open; -1: no breaker. */
  readonly breaker: number;
  readonly notPermitted: number;
  /** Active, idle and max; -1: no pool. */
  readonly pool: number;
}

export interface ApplicationOffsets {
  readonly up: number;
  readonly startTime: number;
  readonly residentMemory: number;
  readonly cpu: number;
  readonly operations: readonly OperationOffsets[];
  readonly links: readonly LinkOffsets[];
}

export function addApplication(block: BlockBuilder, fleet: Fleet, deployment: Deployment): ApplicationOffsets {
  const target = 'application';
  return {
    up: block.add(target, TARGET.up),
    startTime: block.add(target, APPLICATION.startTime),
    residentMemory: block.add(target, APPLICATION.residentMemory),
    cpu: block.add(target, APPLICATION.cpu),
    operations: deployment.spec.operations.map((operation) => addOperation(block, fleet, operation)),
    links: linksOf(fleet, deployment).map(([component, edges]) => addLink(block, fleet, component, edges)),
  };
}

/** All that can be answered is exposed from the start, at 0 (prometheus.io/docs/practices/instrumentation: avoid missing metrics). */
function addOperation(block: BlockBuilder, fleet: Fleet, operation: OperationSpec): OperationOffsets {
  const labels = { method: operation.method, route: operation.route };
  const hasCalls = operation.stages.length > 0;
  const possible = [true, operation.clientErrorRatio > 0, true, hasCalls, true, hasCalls];
  const add = (family: Parameters<BlockBuilder['add']>[1], more = {}, suffix?: '_bucket' | '_sum' | '_count') =>
    block.add('application', family, { ...labels, ...more }, suffix);
  const exposed = CODES.map((code, i) => (possible[i]! ? add(APPLICATION.requests, { code }) : -1));
  const codes = exposed.map((at, i) => (at >= 0 ? at : exposed[CODES[i] === '404' ? 0 : 2]!));
  const bounds = [...fleet.network.durationBounds, Infinity];
  const buckets = bounds.map((bound) => add(APPLICATION.duration, { le: formatBound(bound) }, '_bucket'));
  return {
    codes,
    buckets: buckets[0]!,
    count: add(APPLICATION.duration, {}, '_count'),
    sum: add(APPLICATION.duration, {}, '_sum'),
    inFlight: add(APPLICATION.inFlight),
    notFoundRatio: operation.clientErrorRatio,
  };
}

function addLink(block: BlockBuilder, fleet: Fleet, component: number, edges: readonly number[]): LinkOffsets {
  const { name, kind, spec } = fleet.components[component]!;
  const add = (family: Parameters<BlockBuilder['add']>[1], labels: Record<string, string>) =>
    block.add('application', family, labels);
  const [success, error, timeout] = (['success', 'error', 'timeout'] as const).map((outcome) =>
    add(APPLICATION.clientRequests, { peer: name, outcome }),
  );
  const calls = edges.map((edge) => fleet.calls[edge]!);
  let breaker = -1;
  let notPermitted = -1;
  if (calls.some((call) => call.breaker !== null)) {
    breaker = add(APPLICATION.breakerState, { name, state: 'closed' });
    for (const state of ['open', 'half_open']) add(APPLICATION.breakerState, { name, state });
    notPermitted = add(APPLICATION.breakerNotPermitted, { name, kind: 'not_permitted' });
  }
  let pool = -1;
  if (kind === 'store' && spec.kind === 'database' && calls.some((call) => Number.isFinite(call.poolSize))) {
    pool = add(APPLICATION.poolActive, { pool: name });
    for (const family of [APPLICATION.poolIdle, APPLICATION.poolMax]) add(family, { pool: name });
  }
  return { component, edges, success: success!, error: error!, timeout: timeout!, breaker, notPermitted, pool };
}

/** Edges that start at a deployment's operations, by the component they go to, in the order of the components. */
function linksOf(fleet: Fleet, deployment: Deployment): readonly (readonly [number, readonly number[]])[] {
  const byComponent = new Map<number, number[]>();
  for (const edge of fleet.network.edges) {
    if (edge.from < 0 || fleet.network.operations[edge.from]!.station !== deployment.station) continue;
    const callee = fleet.calls[edge.index]!.callee;
    byComponent.set(callee, [...(byComponent.get(callee) ?? []), edge.index]);
  }
  return [...byComponent].sort(([a], [b]) => a - b);
}
