import { probeTargets, storeTargets } from './labels.js';
import { startBlock } from './series-index.js';
import { allocateBlock } from './slots.js';
import type { Sync } from './sync-platform.js';

/** Series of what is there from the first scrape to the last: instances of stores, and probes of entry points. */
export function startStatic({ fleet, layout, telemetry, index }: Sync): void {
  for (const component of fleet.components) {
    const block = layout.stores[component.index] ?? null;
    const instances =
      component.kind === 'store' && component.spec.kind === 'database' ? component.spec.replicas + 1 : 1;
    telemetry.stores[component.index] =
      block === null ? [] : Array.from({ length: instances }, () => allocateBlock(telemetry.slots, block.length));
    telemetry.stores[component.index]!.forEach((base, instance) =>
      startBlock(index, base, block!, storeTargets(fleet, component.index, instance)),
    );
  }
  fleet.scenario.load.forEach((_, entry) => {
    telemetry.probes[entry] = allocateBlock(telemetry.slots, layout.probe.length);
    startBlock(index, telemetry.probes[entry], layout.probe, probeTargets(fleet, entry));
  });
}
