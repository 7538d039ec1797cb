import type { Deployment } from '../../model/fleet.types.js';
import type { Flows } from '../../model/flows.types.js';
import type { Pod } from '../../kubernetes/platform-state.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { ROUNDING } from '../scrape/whole-shares.js';
import { blame, type Blame } from './blame.js';
import { podLabels } from './emit-context.js';
import { type EmitState, OUTCOMES } from './emit-state.js';
import { drawBelow, hasRoom, type LogWriter, writeLine } from './log-writer.js';
import { podOfCell } from './pods-of-cells.js';
import { formatRequest, levelOf, type LogStyle, type RequestFacts } from './request-lines.js';

const STATUS = [200, 500, 502, 504, 503] as const;

/** Lines about requests: a sample of those that went well, every one that did not. */
export function logDeployment(writer: LogWriter, deployment: Deployment, style: LogStyle): void {
  const { fleet, state } = writer.context;
  const { operationStride } = fleet.network;
  const { servers, killed } = state.parameters.cells;
  const sampleRatio = fleet.scenario.telemetry.logSampleRatio;
  const first = deployment.station * CELLS_PER_STATION;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
    if (servers[cell] === 0 && killed[cell] === 0) continue;
    for (let i = 0; i < deployment.spec.operations.length; i++) {
      const row = cell * operationStride + i;
      // The dead write nothing of what they failed to do.
      if (servers[cell] === 0) catchUpRow(state.flows, writer.emit, row);
      else if (hasNews(state.flows, writer.emit.outcomes, row, sampleRatio))
        logRow(writer, deployment, style, cell, i, row);
      writer.emit.finished[row] = finishedOf(state.flows, row);
      writer.emit.durationSum[row] = state.flows.durationSum[row]!;
    }
  }
}

/** Whether there is a line to write: most seconds of most rows have none. */
function hasNews(flows: Flows, seen: Float64Array, row: number, sampleRatio: number): boolean {
  const at = row * OUTCOMES;
  const whole = 1 - ROUNDING;
  return (
    (flows.ok[row]! - seen[at]!) * sampleRatio >= whole ||
    flows.failedOwn[row]! - seen[at + 1]! >= whole ||
    flows.failedDependency[row]! - seen[at + 2]! >= whole ||
    flows.failedTimeout[row]! - seen[at + 3]! >= whole ||
    flows.rejected[row]! - seen[at + 4]! >= whole
  );
}

/** Takes what happened in a row so far as written about. */
export function catchUpRow(flows: Flows, emit: EmitState, row: number): void {
  for (let outcome = 0; outcome < OUTCOMES; outcome++)
    emit.outcomes[row * OUTCOMES + outcome] = counterOf(flows, outcome)[row]!;
}

function logRow(
  writer: LogWriter,
  deployment: Deployment,
  style: LogStyle,
  cell: number,
  position: number,
  row: number,
): void {
  const { flows } = writer.context.state;
  const seen = writer.emit.outcomes;
  const at = row * OUTCOMES;
  const { logSampleRatio } = writer.context.fleet.scenario.telemetry;
  if (logSampleRatio > 0) {
    const lines = Math.floor((flows.ok[row]! - seen[at]!) * logSampleRatio + ROUNDING);
    seen[at]! += lines / logSampleRatio;
    writeRequests(writer, deployment, style, { cell, position, row, outcome: 0 }, lines);
  }
  for (let outcome = 1; outcome < OUTCOMES; outcome++) {
    const lines = Math.floor(counterOf(flows, outcome)[row]! - seen[at + outcome]! + ROUNDING);
    if (lines <= 0) continue;
    seen[at + outcome]! += lines;
    writeRequests(writer, deployment, style, { cell, position, row, outcome }, lines);
  }
}

/** In the order of `STATUS`. */
function counterOf(flows: Flows, outcome: number): Float64Array {
  switch (outcome) {
    case 1:
      return flows.failedOwn;
    case 2:
      return flows.failedDependency;
    case 3:
      return flows.failedTimeout;
    case 4:
      return flows.rejected;
    default:
      return flows.ok;
  }
}

interface Outcome {
  readonly cell: number;
  readonly position: number;
  readonly row: number;
  readonly outcome: number;
}

function writeRequests(
  writer: LogWriter,
  deployment: Deployment,
  style: LogStyle,
  { cell, position, row, outcome }: Outcome,
  lines: number,
): void {
  if (lines <= 0) return;
  const { context, emit } = writer;
  const { fleet, state } = context;
  const operation = fleet.network.stations[deployment.station]!.operations[position]!;
  const spec = deployment.spec.operations[position]!;
  const finished = finishedOf(state.flows, row) - emit.finished[row]!;
  const mean = finished > 0 ? (state.flows.durationSum[row]! - emit.durationSum[row]!) / finished : 0;
  const reason: Blame = outcome === 0 ? { error: '', upstream: '' } : blame(context, emit, operation, cell, outcome);
  for (let i = 0; i < lines; i++) {
    if (!hasRoom(writer, lines - i)) return;
    const pod = podOfCell(state, cell, drawBelow(writer, 0x90d, 1_000_000));
    if (pod === null) return;
    const facts: RequestFacts = {
      service: deployment.name,
      version: versionOf(writer, pod),
      method: spec.method,
      route: spec.route,
      status: STATUS[outcome]!,
      seconds: outcome === 4 ? 0.001 : mean,
      ...reason,
    };
    writeLine(writer, levelOf(facts), formatRequest(writer, style, facts), podLabels(context, pod));
  }
}

export function finishedOf({ ok, failedOwn, failedDependency, failedTimeout }: Flows, row: number): number {
  return ok[row]! + failedOwn[row]! + failedDependency[row]! + failedTimeout[row]!;
}

function versionOf({ context }: LogWriter, pod: Pod): string {
  return context.state.platform.deployments[pod.deployment]!.versions[pod.version]?.name ?? '';
}
