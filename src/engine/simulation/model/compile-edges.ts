import type { CallSpec, RetrySpec } from '../../scenario/component.types.js';
import type { EntryPointSpec } from '../../scenario/load.types.js';
import { indexOfName } from './compile-places.js';
import type { StationPlan } from './compile-stations.js';
import { CannotCompileError } from './compile.errors.js';
import type { CallRole, Component } from './fleet.types.js';
import type { Edge, Operation } from './network.types.js';

/** Edges with what they mean and where they lead. */
export interface EdgePlan {
  readonly edges: Edge[];
  readonly calls: CallRole[];
  /** Per edge: operations that can answer. */
  readonly targets: number[][];
}

const NO_RETRIES: RetrySpec = { max: 0, backoff: 0, multiplier: 1, maxBackoff: 0, budget: Infinity };

/** The users of an entry point, who may be sent to any cluster that runs the service. */
export function addEntry(plan: StationPlan, edges: EdgePlan, entry: EntryPointSpec, position: number): number {
  const callee = plan.components[indexOfName(plan.components, entry.service, 'service')]!;
  return addEdge(edges, {
    from: -1,
    name: entry.name,
    targets: answering(plan, callee, entry.operation),
    role: { ...role(-1, callee.index, -1), entry: position, timeout: entry.client.timeout },
    retries: entry.client.retries,
  });
}

/** The stages of an operation, with the edges of the calls in them (and in what follows a miss) added. */
export function addStages(
  plan: StationPlan,
  edges: EdgePlan,
  caller: Operation,
  stages: readonly (readonly CallSpec[])[],
): number[][] {
  return stages.map((stage) => stage.map((call) => addCall(plan, edges, caller, call)));
}

function addCall(plan: StationPlan, edges: EdgePlan, caller: Operation, call: CallSpec): number {
  const from = plan.roles[caller.station]!;
  const callee = plan.components[indexOfName(plan.components, call.component, 'service or store')]!;
  const onMiss = addStages(plan, edges, caller, call.onMiss);
  return addEdge(edges, {
    from: caller.index,
    name: `${plan.stations[caller.station]!.name} ${caller.name} -> ${callee.name} ${call.operation}`,
    targets: answering(plan, callee, call.operation),
    role: {
      ...role(from.component, callee.index, from.cluster),
      timeout: call.timeout,
      poolSize: call.pool?.size ?? Infinity,
      breaker: call.breaker,
    },
    retries: call.retries,
    details: {
      probability: call.probability,
      fanOut: call.fanOut,
      optional: call.optional,
      poolTimeout: call.pool?.timeout ?? Infinity,
      onMiss,
    },
  });
}

/** A broker hands its messages on: one stream to each service that consumes from it, in one of its clusters. */
export function addConsumers(plan: StationPlan, edges: EdgePlan, broker: Operation): number[][] {
  const from = plan.roles[broker.station]!;
  const queue = plan.components[from.component]!;
  const stage = plan.components.flatMap((consumer) => {
    if (consumer.kind !== 'service' || consumer.spec.consumes?.queue !== queue.name) return [];
    const operation = consumer.spec.consumes.operation;
    return addEdge(edges, {
      from: broker.index,
      name: `${queue.name} -> ${consumer.name} ${operation}`,
      targets: answering(plan, consumer, operation),
      role: role(queue.index, consumer.index, from.cluster),
      retries: NO_RETRIES,
      details: { async: true },
    });
  });
  return stage.length === 0 ? [] : [stage];
}

/** Operations of this name at the component's stations, in their order. */
function answering(plan: StationPlan, callee: Component, name: string): number[] {
  const found = callee.stations.flatMap((station) =>
    plan.stations[station]!.operations.filter((operation) => plan.operations[operation]!.name === name),
  );
  if (found.length === 0) throw new CannotCompileError(`"${callee.name}" has no operation "${name}".`);
  return found;
}

function role(caller: number, callee: number, cluster: number): CallRole {
  return {
    caller,
    callee,
    cluster,
    entry: -1,
    timeout: Infinity,
    poolSize: Infinity,
    retryBudget: Infinity,
    breaker: null,
  };
}

interface EdgeDraft {
  readonly from: number;
  readonly name: string;
  readonly targets: number[];
  readonly role: CallRole;
  readonly retries: RetrySpec;
  readonly details?: Partial<Edge>;
}

function addEdge({ edges, calls, targets }: EdgePlan, draft: EdgeDraft): number {
  const index = edges.length;
  edges.push({
    index,
    from: draft.from,
    name: draft.name,
    probability: 1,
    fanOut: 1,
    async: false,
    optional: false,
    retries: draft.retries.max,
    backoff: draft.retries.backoff,
    multiplier: draft.retries.multiplier,
    maxBackoff: draft.retries.maxBackoff,
    poolTimeout: Infinity,
    onMiss: [],
    ...draft.details,
  });
  calls.push({ ...draft.role, retryBudget: draft.retries.budget });
  targets.push(draft.targets);
  return index;
}
