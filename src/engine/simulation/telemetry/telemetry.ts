import type { Fleet } from '../model/fleet.types.js';
import type { SimulationState } from '../simulation.types.js';
import { emitDeployEvents } from './emit/deploy-events.js';
import { emitContextOf } from './emit/emit-context.js';
import { emitKubernetesEvents } from './emit/kubernetes-events.js';
import { emitLogs } from './emit/logs.js';
import { ALL_FAMILIES } from './families/all-families.js';
import { CODES } from './layout/application-block.js';
import { blankUnscraped } from './scrape/blank-unscraped.js';
import { cellMembersOf } from './scrape/cell-members.js';
import { scrapeAutoscalers, scrapeDeployments, scrapePodStates } from './scrape/kube-state.js';
import { resetPods, scrapePods } from './scrape/pods.js';
import { scrapeLinks } from './scrape/links.js';
import { scrapeNodes } from './scrape/nodes.js';
import { scrapeProbes } from './scrape/probes.js';
import { scrapeRequests } from './scrape/requests.js';
import type { ScrapeContext } from './scrape/scrape-context.js';
import { scrapeStores } from './scrape/stores.js';
import { type SeriesIndex, seriesIndexOf } from './series-index.js';
import { startStatic } from './start-static.js';
import { syncAutoscalers, syncPlatform } from './sync-platform.js';
import { createTelemetryState, type TelemetryState } from './telemetry-state.js';
import type { ScrapeFrame, TelemetrySink } from './telemetry.types.js';

/**
 * The memory of telemetry: plain data.
 *
 * @param seed whole, 0 to 2^32 - 1: of measurement noise (CPU and memory only) and of what log lines are about
 */
export function createTelemetry(fleet: Fleet, seed: number): TelemetryState {
  return createTelemetryState(fleet, seed);
}

/** Scrapes everything as it stands after `state.step` seconds: the first time before the first step, all counters at 0. */
export function scrapeTelemetry(fleet: Fleet, state: SimulationState, sink: TelemetrySink): void {
  const telemetry = state.telemetry as TelemetryState;
  const now = state.step;
  const index = seriesIndexOf(fleet, telemetry);
  const changed = telemetry.generation !== state.platform.generation;
  const sync = { fleet, layout: index.layout, state, telemetry, index };
  if (telemetry.generation < 0) startStatic(sync);
  if (changed) syncPlatform(sync);
  syncAutoscalers(sync);
  const context: ScrapeContext = {
    fleet,
    layout: index.layout,
    state,
    telemetry,
    members: cellMembersOf(state, telemetry),
    totals: telemetry.slots.totals,
    now,
    elapsed: now - telemetry.scrapedTo,
    nodes: nodeSums(state.platform.nodes.length),
    scratch: scratchOf(fleet),
  };
  resetPods(context);
  for (const deployment of fleet.deployments) {
    scrapeRequests(context, deployment);
    scrapeLinks(context, deployment);
  }
  scrapePods(context);
  scrapeNodes(context);
  scrapeStores(context);
  scrapeProbes(context);
  if (changed) {
    scrapePodStates(context);
    scrapeDeployments(context);
  }
  scrapeAutoscalers(context);
  telemetry.scrapedTo = now;
  telemetry.generation = state.platform.generation;
  const frame = frameOf(fleet, telemetry, index);
  index.started = [];
  index.ended = [];
  sink.scrape?.(frame);
}

/** The last scrape once more, as after a restart: nothing ended, nothing started. */
export function lastScrape(fleet: Fleet, state: SimulationState): ScrapeFrame {
  const telemetry = state.telemetry as TelemetryState;
  return frameOf(fleet, telemetry, seriesIndexOf(fleet, telemetry));
}

function frameOf(fleet: Fleet, telemetry: TelemetryState, index: SeriesIndex): ScrapeFrame {
  const { totals, used } = telemetry.slots;
  if (index.values.length !== used) index.values = new Float64Array(used);
  const { values } = index;
  values.set(totals.length === used ? totals : totals.subarray(0, used));
  blankUnscraped(fleet, index.layout, telemetry, values);
  return {
    time: fleet.scenario.start + telemetry.scrapedTo * 1000,
    families: ALL_FAMILIES,
    series: index.series,
    ended: index.ended,
    started: index.started,
    values,
  };
}

/** Kubernetes events, deploy events and log lines of the step that was just made, in this order. */
export function emitRecords(fleet: Fleet, state: SimulationState, sink: TelemetrySink): void {
  const context = emitContextOf(fleet, state, (state.telemetry as TelemetryState).seed, sink);
  const { emit } = state.telemetry as TelemetryState;
  emitKubernetesEvents(context);
  emitDeployEvents(context, emit);
  emitLogs(context, emit);
  // Taken: the platform keeps only what nobody has seen yet.
  state.platform.events.length = 0;
}

function scratchOf(fleet: Fleet): ScrapeContext['scratch'] {
  const length = Math.max(CODES.length, fleet.network.durationBounds.length + 1);
  return { owed: new Float64Array(length), codes: new Float64Array(length), buckets: new Float64Array(length) };
}

function nodeSums(count: number): ScrapeContext['nodes'] {
  return { cpu: new Float64Array(count), requests: new Float64Array(count), memory: new Float64Array(count) };
}
