import type { FleetLayout } from '../layout/fleet-layout.js';
import type { TelemetryState } from '../telemetry-state.js';

/** Targets that did not answer have no samples but `up`; the kubelet has none of a container that does not run. */
export function blankUnscraped(layout: FleetLayout, telemetry: TelemetryState, values: Float64Array): void {
  for (const record of telemetry.pods) {
    if (record === null || record.node === '') continue;
    const { application, container, placed } = layout.deployments[record.deployment]!;
    if (!record.up) values.fill(NaN, record.base + application.up + 1, record.base + container.cpu);
    if (!record.running) values.fill(NaN, record.base + container.cpu, record.base + placed.length);
  }
}
