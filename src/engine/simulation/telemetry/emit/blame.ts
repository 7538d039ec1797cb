import type { EmitContext } from './emit-context.js';
import type { EmitState } from './emit-state.js';

export interface Blame {
  readonly error: string;
  /** Component that failed; empty: none but itself. */
  readonly upstream: string;
}

/** What a server writes about a request that failed: from what it can know, which is how its calls ended. */
export function blame(context: EmitContext, emit: EmitState, operation: number, cell: number, outcome: number): Blame {
  const { parameters } = context.state;
  if (outcome === 1) return { error: 'internal server error: unhandled exception', upstream: '' };
  if (outcome === 4) {
    const shed = parameters.cells.shedRatio[cell]! > 0;
    return { error: shed ? 'request shed: queueing time above target' : 'request refused: queue full', upstream: '' };
  }
  const edge = worstEdge(context, emit, operation);
  if (edge < 0) return { error: outcome === 3 ? 'context deadline exceeded' : 'bad gateway', upstream: '' };
  const upstream = context.fleet.components[context.fleet.calls[edge]!.callee]!.name;
  if (outcome === 3) return { error: timeoutText(context, edge, upstream), upstream };
  return { error: failureText(context, edge, upstream), upstream };
}

/** Of the calls of an operation the one with the most failures in this step. */
function worstEdge({ fleet, state }: EmitContext, emit: EmitState, operation: number): number {
  let worst = -1;
  let most = 0;
  for (const { index, from } of edgesOf(fleet, operation)) {
    const failed = state.flows.attemptsFailed[index]! - emit.attemptsFailed[index]!;
    const open = state.parameters.edgeAdmit[index]! === 0 ? 1e-9 : 0;
    if (from !== operation || failed + open <= most) continue;
    most = failed + open;
    worst = index;
  }
  return worst;
}

const EDGES = new WeakMap<EmitContext['fleet'], EmitContext['fleet']['network']['edges'][number][][]>();

function edgesOf(fleet: EmitContext['fleet'], operation: number): EmitContext['fleet']['network']['edges'] {
  let known = EDGES.get(fleet);
  if (known === undefined) {
    known = fleet.network.operations.map(() => []);
    for (const edge of fleet.network.edges) if (edge.from >= 0) known[edge.from]!.push(edge);
    EDGES.set(fleet, known);
  }
  return known[operation]!;
}

function timeoutText({ state }: EmitContext, edge: number, upstream: string): string {
  const timeout = state.parameters.edgeTimeout[edge]!;
  const after = Number.isFinite(timeout) ? ` after ${Math.round(timeout * 1000)} ms` : '';
  return `upstream request timeout calling ${upstream}${after}: context deadline exceeded`;
}

function failureText(context: EmitContext, edge: number, upstream: string): string {
  const { fleet, state, time } = context;
  if (state.parameters.edgeAdmit[edge] === 0) return `circuit breaker "${upstream}" is open: call not permitted`;
  for (const { kind, target } of state.timeline.active) {
    const named = target.service === upstream || target.store === upstream;
    if (kind === 'dns-failure' && (named || (target.service ?? target.store) === undefined))
      return `dial tcp: lookup ${upstream} on 10.96.0.10:53: no such host`;
    if (kind === 'certificate-expiry' && named) return expiredText(time, upstream);
  }
  const callee = fleet.components[fleet.calls[edge]!.callee]!;
  if (callee.kind === 'service') {
    if (state.step >= callee.spec.certificateExpires) return expiredText(time, upstream);
    return refuses(context, edge)
      ? `dial tcp ${upstream}:8080: connect: connection refused`
      : `upstream ${upstream} answered with an error`;
  }
  if (callee.spec.kind !== 'database') return `call to ${upstream} failed`;
  const database = state.stores.databases[callee.index]!;
  if (database.diskFull) return `ERROR: could not extend file "base/16384/24601": No space left on device`;
  if (!database.primaryUp || refuses(context, edge))
    return `could not connect to server "${upstream}": Connection refused`;
  if (database.connections >= callee.spec.maxConnections * 0.95) return 'FATAL: sorry, too many clients already';
  return `query to ${upstream} failed`;
}

/** All places where the call could go refuse it. */
function refuses({ fleet, state }: EmitContext, edge: number): boolean {
  const { offset } = fleet.network.routes;
  for (let route = offset[edge]!; route < offset[edge + 1]!; route++)
    if (state.parameters.routeWeight[route]! > 0 && state.parameters.routeRefuse[route]! < 0.5) return false;
  return true;
}

function expiredText(time: number, upstream: string): string {
  const now = new Date(time).toISOString().slice(0, 19);
  return `tls: failed to verify certificate of ${upstream}: x509: certificate has expired or is not yet valid: current time is ${now}Z`;
}
