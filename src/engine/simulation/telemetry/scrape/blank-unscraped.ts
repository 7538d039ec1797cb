import type { Fleet } from '../../model/fleet.types.js';
import type { FleetLayout } from '../layout/fleet-layout.js';
import type { TelemetryState } from '../telemetry-state.js';
import { blankCache } from './caches.js';
import { blankDatabase } from './databases.js';
import { blankQueue } from './queues.js';

/**
 * Targets that did not answer have no samples but `up`, what has no address is no target; the kubelet has no samples of
 * a container that does not run.
 */
export function blankUnscraped(
  fleet: Fleet,
  layout: FleetLayout,
  telemetry: TelemetryState,
  values: Float64Array,
): void {
  for (const record of telemetry.pods) {
    if (record === null || record.node === '') continue;
    const { application, container, placed } = layout.deployments[record.deployment]!;
    if (record.addressed === false) values[record.base + application.up] = NaN;
    if (!record.up) values.fill(NaN, record.base + application.up + 1, record.base + container.cpu);
    if (!record.observed) values.fill(NaN, record.base + container.cpu, record.base + placed.length);
  }
  for (const record of telemetry.nodes) {
    if (record === null) continue;
    const { up, cpu, info } = layout.nodes[record.cluster]![record.pool]!.offsets;
    if (values[record.base + up] === 0) values.fill(NaN, record.base + cpu, record.base + info);
  }
  for (const { index, kind, spec } of fleet.components) {
    if (kind !== 'store') continue;
    for (const base of telemetry.stores[index] ?? []) {
      if (spec.kind === 'database') blankDatabase(values, base);
      else if (spec.kind === 'cache') blankCache(values, base);
      else if (spec.kind === 'queue') blankQueue(values, base, layout.stores[index]!.length);
    }
  }
}
