import type { KubernetesEvent, Pod } from '../../kubernetes/platform-state.types.js';
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
  const lifecycle = state.platform.events.length === 0 ? NOTHING : podsOfEvents(context);
  const styles = stylesOf(fleet);
  const writer: LogWriter = { context, emit, written: 0, suppressed: 0 };
  for (let station = 0; station < fleet.roles.length; station++) {
    const role = fleet.roles[station]!;
    writer.written = 0;
    writer.suppressed = 0;
    if (role.kind === 'service') {
      const style = styles[role.component]!;
      for (const [event, pod] of lifecycle.get(role.deployment) ?? []) logLifecycle(writer, event, pod, style);
      logDeployment(writer, fleet.deployments[role.deployment]!, style);
      if (writer.suppressed > 0) logSuppressed(writer, station, style);
    } else {
      logStation(writer, station);
      if (writer.suppressed > 0) logSuppressed(writer, station, 'plain');
    }
  }
  remember(context, emit);
}

type PodEvents = Map<number, [KubernetesEvent, Pod][]>;

const NOTHING: PodEvents = new Map();
const STYLES = new WeakMap<Fleet, readonly LogStyle[]>();

/** By component: what stands at an entry point logs as a proxy does, a third of the others in plain text. */
function stylesOf(fleet: Fleet): readonly LogStyle[] {
  const known = STYLES.get(fleet);
  if (known !== undefined) return known;
  const entries = new Set(fleet.scenario.load.map(({ service }) => service));
  const styles = fleet.components.map(({ name, index }): LogStyle => {
    if (entries.has(name)) return 'nginx';
    return index % 3 === 2 ? 'plain' : 'json';
  });
  STYLES.set(fleet, styles);
  return styles;
}

/** Events of this step about pods that are still there, by deployment. */
function podsOfEvents({ state }: EmitContext): PodEvents {
  const found: PodEvents = new Map();
  const { events, pods } = state.platform;
  const byName = new Map(pods.map((pod) => [pod?.name, pod]));
  for (const event of events) {
    const pod = event.object.kind === 'Pod' ? byName.get(event.object.name) : null;
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
