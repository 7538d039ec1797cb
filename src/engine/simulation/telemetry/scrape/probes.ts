import type { EntryPointSpec } from '../../../scenario/load.types.js';
import type { Fleet } from '../../model/fleet.types.js';
import type { SimulationState } from '../../simulation.types.js';
import { USER_COLUMNS } from '../telemetry-state.js';
import { hashNoise } from './hash-noise.js';
import type { ScrapeContext } from './scrape-context.js';

const DAY = 86_400;
/** Lifetime of a certificate that is renewed in time, and what is left when it is renewed (cert-manager's defaults). */
const LIFETIME = 90 * DAY;
const RENEWED_BEFORE = 30 * DAY;
/** The blackbox exporter gives up after this many seconds. */
const PROBE_TIMEOUT = 10;

/**
 * The blackbox exporter is one more user: each probe shares the fate of the users since the last scrape, drawn in
 * proportion; with no users since then it finds what they found last.
 */
export function scrapeProbes(context: ScrapeContext): void {
  context.fleet.scenario.load.forEach((entry, i) => scrapeProbe(context, entry, i));
}

function scrapeProbe(context: ScrapeContext, entry: EntryPointSpec, index: number): void {
  const { state, telemetry, totals, now } = context;
  const { flows } = state;
  const { users } = telemetry.issued;
  const base = telemetry.probes[index]!;
  const at = index * USER_COLUMNS;
  const ok = flows.userOk[index]! - users[at]!;
  const failed = flows.userFailed[index]! - users[at + 1]!;
  const seconds = flows.userDurationSum[index]! - users[at + 2]!;
  totals[base] = 1;
  totals[base + 4] = certificateExpiry(context, entry);
  if (telemetry.scrapedTo === now) {
    [1, 0, 200].forEach((value, i) => (totals[base + 1 + i] = value));
    return;
  }
  if (ok + failed < 0.5) return;
  users[at] = flows.userOk[index]!;
  users[at + 1] = flows.userFailed[index]!;
  users[at + 2] = flows.userDurationSum[index]!;
  const draw = (hashNoise(telemetry.seed ^ 0x70726f62, index, now) + 1) / 2;
  const success = draw < ok / (ok + failed);
  const mean = ok > 0 ? seconds / ok : 0;
  // Exponential around the mean: a single request, not an average.
  const spread = -Math.log(1 - (hashNoise(telemetry.seed ^ 0x64757261, index, now) + 1) / 2);
  const duration = Math.min(PROBE_TIMEOUT, mean * spread);
  totals[base + 1] = success && duration < PROBE_TIMEOUT ? 1 : 0;
  totals[base + 2] = success ? duration : Math.min(PROBE_TIMEOUT, Math.max(duration, mean));
  totals[base + 3] = success ? 200 : failureCode(context, entry);
}

/** 0 when no HTTP answer was read at all: a handshake that failed. */
function failureCode(context: ScrapeContext, entry: EntryPointSpec): number {
  return certificateExpiry(context, entry) <= context.fleet.scenario.start / 1000 + context.now ? 0 : 503;
}

/**
 * Unix time of expiry: of a certificate that is renewed in time always at least 30 days ahead. One that was not is shown
 * for as long as pods run that have loaded it.
 */
function certificateExpiry({ fleet, state, now }: ScrapeContext, entry: EntryPointSpec): number {
  const epoch = fleet.scenario.start / 1000;
  const spec = fleet.scenario.services.find(({ name }) => name === entry.service);
  for (const { kind, target, since } of state.timeline.active)
    if (kind === 'certificate-expiry' && target.service === entry.service) return epoch + since;
  if (spec !== undefined && Number.isFinite(spec.certificateExpires)) {
    const isShown = now < spec.certificateExpires || hasPodsFrom(fleet, state, entry.service, spec.certificateExpires);
    return epoch + spec.certificateExpires + (isShown ? 0 : LIFETIME);
  }
  const period = LIFETIME - RENEWED_BEFORE;
  return epoch + Math.floor((now + period / 2) / period) * period - period / 2 + LIFETIME;
}

/** Whether pods of a service are Ready that started before a step. */
function hasPodsFrom(fleet: Fleet, { platform }: SimulationState, service: string, before: number): boolean {
  return platform.pods.some(
    (pod) => pod?.ready === true && pod.startedAt < before && fleet.deployments[pod.deployment]!.name === service,
  );
}
