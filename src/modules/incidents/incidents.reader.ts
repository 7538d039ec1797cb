import type { z } from 'zod';
import type { incidentSnapshot } from './incidents.events.js';

export type IncidentSnapshot = z.output<typeof incidentSnapshot>;

export abstract class IncidentsReader {
  /** Snapshots of incidents that are not resolved, or were resolved after `resolvedSince`. */
  abstract active(resolvedSince: Date): Promise<readonly IncidentSnapshot[]>;
  /** The incident as it is now. */
  abstract find(incidentId: string): Promise<IncidentSnapshot | undefined>;
}
