import type { Pod } from '../../kubernetes/platform-state.types.js';
import type { Fleet } from '../../model/fleet.types.js';
import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import { type EmitContext, podLabels, storeLabels } from './emit-context.js';
import type { EmitState } from './emit-state.js';
import type { LogWriter } from './log-writer.js';
import { formatMessage, logLifecycle } from './pod-logs.js';
import { podOfCell } from './pods-of-cells.js';
import type { LogStyle } from './request-lines.js';
import { catchUpRow, finishedOf, logDeployment } from './service-logs.js';
import { logStation } from './store-logs.js';

/** Log lines of the step, station by station. Costs nothing where nobody reads logs. */
export function emitLogs(context: EmitContext, emit: EmitState): void {
  if (context.sink.log === undefined) return;
  const { fleet, state } = context;
  // Whoever begins to read in the middle of a run reads what happens from then on.
  if (emit.loggedTo !== state.step) catchUp(context, emit);
  const started = podsOfEvents(context);
  for (const { index: station } of fleet.network.stations) {
    const role = fleet.roles[station]!;
    const writer: LogWriter = { context, emit, written: 0, suppressed: 0 };
    if (role.kind === 'service') {
      const style = styleOf(fleet, role.component);
      for (const [event, pod] of started.get(role.deployment) ?? []) logLifecycle(writer, event, pod, style);
      logDeployment(writer, fleet.deployments[role.deployment]!, style);
      if (writer.suppressed > 0) logSuppressed(writer, station, style);
    } else {
      logStation(writer, station);
      if (writer.suppressed > 0) logSuppressed(writer, station, 'plain');
    }
  }
  remember(context, emit);
}

function styleOf({ scenario, components }: Fleet, component: number): LogStyle {
  const { name } = components[component]!;
  if (scenario.load.some(({ service }) => service === name)) return 'nginx';
  return component % 3 === 2 ? 'plain' : 'json';
}

function podsOfEvents({ state }: EmitContext) {
  const found = new Map<number, [(typeof events)[number], Pod][]>();
  const { events, pods } = state.platform;
  for (const event of events) {
    if (event.object.kind !== 'Pod') continue;
    const pod = pods.find((each) => each?.name === event.object.name);
    if (!pod) continue;
    const listed = found.get(pod.deployment);
    if (listed === undefined) found.set(pod.deployment, [[event, pod]]);
    else listed.push([event, pod]);
  }
  return found;
}

function logSuppressed(writer: LogWriter, station: number, style: LogStyle): void {
  const { context } = writer;
  const role = context.fleet.roles[station]!;
  const { name } = context.fleet.components[role.component]!;
  const text = `suppressed ${writer.suppressed} similar messages in the last second`;
  const first = station * CELLS_PER_STATION;
  let labels = storeLabels(context, role.component, name);
  if (role.kind === 'service') {
    let pod: Pod | null = null;
    for (let cell = first; cell < first + CELLS_PER_STATION && pod === null; cell++)
      pod = podOfCell(context.state, cell, 0);
    if (pod !== null) labels = podLabels(context, pod);
  }
  writer.emit.lines++;
  const line = formatMessage(style, context.time, 'WARN', name, text);
  context.sink.log!({ time: context.time, severity: 'WARN', line, labels });
}

/** Takes all that happened so far as written about. */
function catchUp({ fleet, state }: EmitContext, emit: EmitState): void {
  const { flows } = state;
  if (state.step === 0) return;
  emit.attemptsFailed.set(flows.attemptsFailed);
  emit.durationSum.set(flows.durationSum);
  for (let row = 0; row < emit.finished.length; row++) {
    emit.finished[row] = finishedOf(flows, row);
    catchUpRow(flows, emit, row);
  }
  for (const { index } of fleet.network.stations) emit.servers[index] = -1;
}

function remember({ state }: EmitContext, emit: EmitState): void {
  emit.attemptsFailed.set(state.flows.attemptsFailed);
  emit.loggedTo = state.step + 1;
}
