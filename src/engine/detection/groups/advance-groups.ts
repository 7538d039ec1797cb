import type { EpochMs } from '../../../kernel/clock.js';
import type { Labels } from '../../../kernel/time-series.js';
import { serviceOf } from '../service/service-name.js';
import { callsEachOther, isSameService, type CallGraph } from './call-graph.js';
import type {
  AnomalyEnding,
  AnomalyGroup,
  AnomalyOpening,
  GroupChange,
  GroupPlace,
  GroupRules,
  GroupsState,
} from './groups.types.js';

export function createGroups(): GroupsState {
  return { version: 1, groups: [] };
}

/**
 * Puts anomalies of one cause into one group, at one point in event time. An anomaly belongs to the oldest group
 *
 * - that has an anomaly of its service, running or ended less than the hold time ago;
 * - in which, at most the spread before it, a service began that calls its service or is called by it, or something on
 *   its node;
 * - in which anything began at most the burst before it: what breaks at once has one cause.
 *
 * Otherwise it opens a group. Changes come in the order in which they happen; `state` is advanced.
 *
 * @param time event time of the tick; groups that were calm for the hold time end by it
 */
export function advanceGroups(
  state: GroupsState,
  news: { readonly opened: readonly AnomalyOpening[]; readonly ended: readonly AnomalyEnding[] },
  time: EpochMs,
  options: { readonly rules: GroupRules; readonly graph: CallGraph; readonly newId: () => string },
): GroupChange[] {
  const changes: GroupChange[] = [];
  for (const ending of news.ended) leave(state, ending, changes);
  const opened = [...news.opened].sort((a, b) => a.startedAt - b.startedAt);
  for (const opening of opened) join(state, opening, options, changes);
  state.groups = state.groups.filter((group) => {
    if (group.calmSince === null || time - group.calmSince < options.rules.holdMs) return true;
    group.endedAt = group.calmSince;
    changes.push({ kind: 'ended', group });
    return false;
  });
  return changes;
}

function leave(state: GroupsState, { anomalyId, endedAt, score }: AnomalyEnding, changes: GroupChange[]): void {
  const group = state.groups.find(({ open }) => open.includes(anomalyId));
  if (group === undefined) return;
  group.open = group.open.filter((id) => id !== anomalyId);
  raisePeak(group, anomalyId, score);
  if (group.open.length === 0) group.calmSince = Math.max(endedAt, group.lastStartedAt);
  changes.push({ kind: 'left', group, anomalyId });
}

function join(
  state: GroupsState,
  opening: AnomalyOpening,
  { rules, graph, newId }: { readonly rules: GroupRules; readonly graph: CallGraph; readonly newId: () => string },
  changes: GroupChange[],
): void {
  const { anomalyId, startedAt, score } = opening;
  const place = placeOf(opening.labels, startedAt);
  const known = state.groups.find((group) => isOfOneCause(group, place, startedAt, rules, graph));
  if (known === undefined) {
    const group: AnomalyGroup = {
      id: newId(),
      startedAt,
      lastStartedAt: startedAt,
      calmSince: null,
      endedAt: null,
      open: [anomalyId],
      anomalies: 1,
      places: [place],
      services: place.service === null ? [] : [place.service.service],
      peakScore: score,
      peakAnomalyId: anomalyId,
    };
    state.groups.push(group);
    changes.push({ kind: 'opened', group, anomalyId });
    return;
  }
  if (known.open.includes(anomalyId)) return;
  known.open.push(anomalyId);
  known.anomalies += 1;
  known.calmSince = null;
  known.startedAt = Math.min(known.startedAt, startedAt);
  known.lastStartedAt = Math.max(known.lastStartedAt, startedAt);
  visit(known, place);
  raisePeak(known, anomalyId, score);
  changes.push({ kind: 'joined', group: known, anomalyId });
}

/** A higher score of an anomaly that is in a group: the group's peak may move. */
export function raisePeak(group: AnomalyGroup, anomalyId: string, score: number): void {
  if (!(score > group.peakScore)) return;
  group.peakScore = score;
  group.peakAnomalyId = anomalyId;
}

function isOfOneCause(
  group: AnomalyGroup,
  place: GroupPlace,
  startedAt: EpochMs,
  rules: GroupRules,
  graph: CallGraph,
): boolean {
  if (group.calmSince !== null && startedAt - group.calmSince >= rules.holdMs) return false;
  if (rules.burstMs > 0 && Math.abs(startedAt - group.lastStartedAt) <= rules.burstMs) return true;
  return group.places.some((other) => {
    if (place.service !== null && other.service !== null && isSameService(place.service, other.service)) return true;
    if (Math.abs(startedAt - other.lastStartedAt) > rules.spreadMs) return false;
    if (place.node !== '' && place.node === other.node) return true;
    return place.service !== null && other.service !== null && callsEachOther(graph, place.service, other.service);
  });
}

function visit(group: AnomalyGroup, place: GroupPlace): void {
  const at = group.places.findIndex((other) => {
    if (other.node !== place.node) return false;
    if (other.service === null || place.service === null) return other.service === place.service;
    return isSameService(other.service, place.service);
  });
  if (at < 0) group.places.push(place);
  else if (group.places[at]!.lastStartedAt < place.lastStartedAt) {
    group.places[at] = { ...group.places[at]!, lastStartedAt: place.lastStartedAt };
  }
  const name = place.service?.service;
  if (name !== undefined && !group.services.includes(name)) group.services.push(name);
}

/** Jobs whose series tell of a machine, not of a service that runs on it. */
const NODE_JOBS = /^(node|node[-_]exporter|kubelet|cadvisor|windows[-_]exporter)$/;

function placeOf(labels: Labels, startedAt: EpochMs): GroupPlace {
  const { job, node, instance } = labels;
  const ofNode = job !== undefined && NODE_JOBS.test(job) && !labels['pod'] && !labels['container'];
  return {
    service: ofNode ? null : serviceOf(labels),
    node: node ?? (ofNode ? hostOf(instance ?? '') : ''),
    lastStartedAt: startedAt,
  };
}

/** `host-1:9100` is the machine `host-1`: the port is the exporter's. */
function hostOf(instance: string): string {
  return /^([^:]+|\[[^\]]+\]):\d+$/.exec(instance)?.[1] ?? instance;
}
