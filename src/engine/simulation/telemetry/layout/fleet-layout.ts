import type { QueueSpec } from '../../../scenario/component.types.js';
import type { Deployment, Fleet } from '../../model/fleet.types.js';
import { type ApplicationOffsets, addApplication } from './application-block.js';
import { type BlockTemplate, buildBlock } from './block-template.js';
import { type ContainerOffsets, addContainer } from './container-block.js';
import { type PodStateOffsets, addPlacement, podStateBlock } from './kube-blocks.js';
import { type NodeOffsets, nodeBlock } from './node-block.js';
import { cacheBlock, databaseBlock, PROBE_BLOCK, queueBlock } from './store-blocks.js';

/** Templates and offsets of all that a fleet can expose: a pure function of the fleet. */
export interface FleetLayout {
  readonly deployments: readonly DeploymentLayout[];
  /** By cluster, then pool. */
  readonly nodes: readonly (readonly { readonly block: BlockTemplate; readonly offsets: NodeOffsets }[])[];
  /** By component; null for services and external services, which nobody here can scrape. */
  readonly stores: readonly (BlockTemplate | null)[];
  readonly probe: BlockTemplate;
}

export interface DeploymentLayout {
  readonly podState: BlockTemplate;
  readonly podStateOffsets: PodStateOffsets;
  readonly pending: BlockTemplate;
  readonly placed: BlockTemplate;
  readonly application: ApplicationOffsets;
  readonly container: ContainerOffsets;
  /** Of the first of information, requests and limits, in the pending and the placed block. */
  readonly placement: number;
}

const LAYOUTS = new WeakMap<Fleet, FleetLayout>();

export function layoutOf(fleet: Fleet): FleetLayout {
  const known = LAYOUTS.get(fleet);
  if (known !== undefined) return known;
  const layout: FleetLayout = {
    deployments: fleet.deployments.map((deployment) => deploymentLayout(fleet, deployment)),
    nodes: fleet.clusters.map(({ pools }) => pools.map(nodeBlock)),
    stores: fleet.components.map((component) => {
      if (component.kind === 'service') return null;
      switch (component.spec.kind) {
        case 'database':
          return databaseBlock(component.name);
        case 'cache':
          return cacheBlock();
        case 'queue':
          return queueBlock(component.spec, consumersOf(fleet, component.spec));
        case 'external':
          return null;
      }
    }),
    probe: PROBE_BLOCK,
  };
  LAYOUTS.set(fleet, layout);
  return layout;
}

/** Services that consume a queue, each a consumer group of its own name. */
export function consumersOf(fleet: Fleet, queue: QueueSpec): readonly string[] {
  return fleet.scenario.services.filter(({ consumes }) => consumes?.queue === queue.name).map(({ name }) => name);
}

function deploymentLayout(fleet: Fleet, deployment: Deployment): DeploymentLayout {
  const { name, spec } = deployment;
  const state = podStateBlock(name);
  const pending = buildBlock();
  addPlacement(pending, name, spec.resources);
  const placed = buildBlock();
  const placement = addPlacement(placed, name, spec.resources);
  const application = addApplication(placed, fleet, deployment);
  const container = addContainer(placed, spec.resources);
  return {
    podState: state.block,
    podStateOffsets: state.offsets,
    pending: pending.series,
    placed: placed.series,
    application,
    container,
    placement,
  };
}
