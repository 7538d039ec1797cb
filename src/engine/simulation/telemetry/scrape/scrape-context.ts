import type { Fleet } from '../../model/fleet.types.js';
import type { SimulationState } from '../../simulation.types.js';
import type { FleetLayout } from '../layout/fleet-layout.js';
import type { TelemetryState } from '../telemetry-state.js';
import type { CellMembers } from './cell-members.js';

/** What a scrape works on. */
export interface ScrapeContext {
  readonly fleet: Fleet;
  readonly layout: FleetLayout;
  readonly state: SimulationState;
  readonly telemetry: TelemetryState;
  readonly members: CellMembers;
  /** `telemetry.slots.totals`, after all that came has its slots. */
  readonly totals: Float64Array;
  /** Simulated seconds since the start of the run, and since the last scrape. */
  readonly now: number;
  readonly elapsed: number;
  /** By slot of a node, of its pods since the last scrape: CPU seconds, requests; bytes that they hold now. */
  readonly nodes: { readonly cpu: Float64Array; readonly requests: Float64Array; readonly memory: Float64Array };
  /** As long as there are status codes or buckets, whichever is more. */
  readonly scratch: { readonly owed: Float64Array; readonly codes: Float64Array; readonly buckets: Float64Array };
}
