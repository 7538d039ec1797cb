import type { AnyJob, Schedule } from './define-job.js';

/** What one module declares. Found by `QueueCatalogue` among all providers. */
export class QueueFeature {
  constructor(
    readonly jobs: readonly AnyJob[],
    readonly schedules: readonly Schedule[],
  ) {}
}
