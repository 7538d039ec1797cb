import { CELLS_PER_STATION } from '../../model/parameters.types.js';
import type { VersionEffects } from '../../../scenario/scenario.types.js';
import { templateHash } from '../names.js';
import type { PlatformContext } from '../platform-context.types.js';

/** Versions that are kept, as `revisionHistoryLimit` of a Deployment. */
const HISTORY = 10;

/** A new template: a deploy. Deploying what is asked for already changes nothing, as `kubectl apply` would. */
export function deployVersion(
  context: PlatformContext,
  deployment: number,
  version: string,
  effects: VersionEffects,
): void {
  const { versions } = context.platform.deployments[deployment]!;
  const same = versions.findLastIndex((each) => each.name === version && sameEffects(each.effects, effects));
  askFor(context, deployment, same >= 0 ? same : addVersion(context, deployment, version, effects), false);
}

/**
 * The template of the last version but one, at once: a roll-back skips steps and pauses (Argo's rollback window).
 *
 * @param from only if this is what was asked for last, and then to the last version of another name: a restart of it is
 *   no way out
 */
export function rollBack(context: PlatformContext, deployment: number, from?: string): void {
  const { updated, versions } = context.platform.deployments[deployment]!;
  if (from !== undefined && versions[updated]!.name !== from) return;
  const before = from === undefined ? versions.length - 2 : versions.findLastIndex(({ name }) => name !== from);
  if (before >= 0) askFor(context, deployment, before, true);
}

/** `kubectl rollout restart`: the same version in a new template. */
export function restartDeployment(context: PlatformContext, deployment: number): void {
  const { updated, versions } = context.platform.deployments[deployment]!;
  const { effects, name } = versions[updated]!;
  context.control.deployments[deployment]!.revision += 1;
  askFor(context, deployment, addVersion(context, deployment, name, effects), false);
}

/** Back to the stable version while another one is being rolled out. */
export function abortRollout(context: PlatformContext, deployment: number): void {
  const { stable, updated } = context.platform.deployments[deployment]!;
  if (stable !== updated) askFor(context, deployment, stable, true);
}

function addVersion(context: PlatformContext, deployment: number, name: string, effects: VersionEffects): number {
  const { control, fleet, platform } = context;
  const { versions } = platform.deployments[deployment]!;
  const memory = control.deployments[deployment]!;
  const template = `${control.seed}/${fleet.deployments[deployment]!.name}/${name}/${memory.revision}/${JSON.stringify(effects)}`;
  versions.push({ name, hash: unusedHash(template, versions), effects: { ...effects } });
  memory.replicaSets.push({ replicas: 0, maxReplicas: 0 });
  return versions.length - 1;
}

/** A collision gets another hash, as the controller's `collisionCount` does. */
function unusedHash(template: string, versions: readonly { readonly hash: string }[]): string {
  for (let collisions = 0; ; collisions++) {
    const hash = templateHash(`${template}/${collisions}`);
    if (!versions.some((each) => each.hash === hash)) return hash;
  }
}

function askFor(context: PlatformContext, deployment: number, version: number, fast: boolean): void {
  const { control, platform, step } = context;
  const state = platform.deployments[deployment]!;
  const memory = control.deployments[deployment]!;
  if (state.updated === version) return;
  const { rollout } = memory;
  Object.assign(rollout, { step: 0, pausedSince: -1, fast, switchedAt: -1, promoted: false });
  rollout.progressAt = step;
  state.progressDeadlineExceeded = false;
  state.canaryWeight = 0;
  state.observedGeneration += 1;
  state.updated = version;
  const order = state.versions.map((_, index) => index).filter((index) => index !== version);
  reorder(context, deployment, [...order, version]);
  trim(context, deployment);
  memory.needsSync = true;
  memory.needsCells = true;
  control.nextSync = step;
  platform.generation += 1;
}

/** Forgets the oldest versions that nothing runs any more. */
function trim(context: PlatformContext, deployment: number): void {
  const { control, platform } = context;
  const { stable, updated, versions } = platform.deployments[deployment]!;
  const { pods, replicaSets } = control.deployments[deployment]!;
  const order = versions.map((_, index) => index);
  while (order.length > HISTORY) {
    const gone = order.findIndex((index) => {
      if (index === stable || index === updated || replicaSets[index]!.replicas > 0) return false;
      return !pods.some((slot) => platform.pods[slot]!.version === index);
    });
    if (gone < 0) break;
    forgetImage(context, deployment, order[gone]!, order);
    order.splice(gone, 1);
  }
  if (order.length < versions.length) reorder(context, deployment, order);
}

/** Keeps what nodes remember from growing: images of versions that nobody can ask for again. */
function forgetImage(
  { control, fleet, platform }: PlatformContext,
  deployment: number,
  gone: number,
  kept: number[],
): void {
  const { versions } = platform.deployments[deployment]!;
  const { name } = versions[gone]!;
  if (kept.some((index) => index !== gone && versions[index]!.name === name)) return;
  for (const node of control.nodes) if (node) delete node.images[`${fleet.deployments[deployment]!.name}:${name}`];
}

/** Brings the versions into another order, in which some may be missing, and everything that refers to them. */
function reorder(context: PlatformContext, deployment: number, order: readonly number[]): void {
  const { control, fleet, parameters, platform } = context;
  const state = platform.deployments[deployment]!;
  const memory = control.deployments[deployment]!;
  const place = (version: number): number => order.indexOf(version);
  state.versions = order.map((index) => state.versions[index]!);
  memory.replicaSets.splice(0, Infinity, ...order.map((index) => memory.replicaSets[index]!));
  state.stable = place(state.stable);
  state.updated = place(state.updated);
  for (const slot of memory.pods) platform.pods[slot]!.version = place(platform.pods[slot]!.version);
  const first = fleet.deployments[deployment]!.station * CELLS_PER_STATION;
  for (let cell = first; cell < first + CELLS_PER_STATION; cell++) {
    parameters.cells.version[cell] = Math.max(0, place(parameters.cells.version[cell]!));
  }
}

function sameEffects(a: VersionEffects, b: VersionEffects): boolean {
  return (
    a.errorRatio === b.errorRatio &&
    a.latencyFactor === b.latencyFactor &&
    a.cpuFactor === b.cpuFactor &&
    a.leakPerRequest === b.leakPerRequest &&
    a.crashAfter === b.crashAfter &&
    a.neverReady === b.neverReady &&
    (a.imageMissing ?? false) === (b.imageMissing ?? false)
  );
}
