import type { EpochMs } from '../../kernel/clock.js';
import type { Labels } from '../../kernel/time-series.js';
import { advanceGroups, createGroups } from '../detection/groups/advance-groups.js';
import { createCallGraph, learnCalls, type CallGraph } from '../detection/groups/call-graph.js';
import { DEFAULT_GROUP_RULES, type GroupsState } from '../detection/groups/groups.types.js';
import { deepCopy } from './deep-copy.js';
import type { WatchedAnomaly, WatchedGroup } from './watch.types.js';

/** Groups that have not ended, and the call graph that the labels of series told. */
export interface PageBook {
  opened: number;
  readonly state: GroupsState;
  readonly graph: CallGraph;
  /** By id of the group. */
  readonly groups: Map<string, WatchedGroup>;
}

export function createPages(): PageBook {
  return { opened: 0, state: createGroups(), graph: createCallGraph(), groups: new Map() };
}

/** A series may tell who calls whom. */
export function noteSeries({ graph }: PageBook, labels: Labels): void {
  learnCalls(graph, labels);
}

/** Puts what opened into groups, and ends those that were calm for long enough. */
export function advancePages(
  pages: PageBook,
  opened: readonly WatchedAnomaly[],
  ended: readonly WatchedAnomaly[],
  time: EpochMs,
): { readonly opened: readonly WatchedGroup[]; readonly ended: readonly WatchedGroup[] } {
  if (opened.length + ended.length + pages.groups.size === 0) return NOTHING;
  const byId = new Map(opened.map((anomaly) => [String(anomaly.id), anomaly]));
  const news = {
    opened: opened.map((anomaly) => ({
      anomalyId: String(anomaly.id),
      labels: anomaly.labels,
      startedAt: anomaly.startedAt,
      score: anomaly.peak.score,
    })),
    ended: ended.map((anomaly) => ({
      anomalyId: String(anomaly.id),
      endedAt: anomaly.endedAt!,
      score: anomaly.peak.score,
    })),
  };
  const newId = (): string => String((pages.opened += 1));
  const changes = advanceGroups(pages.state, news, time, { rules: DEFAULT_GROUP_RULES, graph: pages.graph, newId });
  const fresh: WatchedGroup[] = [];
  const over: WatchedGroup[] = [];
  for (const change of changes) {
    const { id } = change.group;
    if (change.kind === 'opened') {
      const group = { id, openedAt: time, endedAt: null, anomalies: [byId.get(change.anomalyId)!] };
      pages.groups.set(id, group);
      fresh.push(group);
    } else if (change.kind === 'joined') {
      pages.groups.get(id)?.anomalies.push(byId.get(change.anomalyId)!);
    } else if (change.kind === 'ended') {
      const group = pages.groups.get(id);
      if (!group) continue;
      group.endedAt = change.group.endedAt;
      pages.groups.delete(id);
      over.push(group);
    }
  }
  return { opened: fresh, ended: over };
}

const NOTHING = { opened: [], ended: [] };

/** @param copies what was copied already, anomalies among it: groups hold the copies */
export function copyPages(pages: PageBook, copies: Map<object, object>): PageBook {
  return deepCopy(pages, copies);
}
