import type { EpochMs } from '../../../kernel/clock.js';
import type { MaintenanceWindow, Suppression, WeeklyHours } from './detection-settings.types.js';
import { describeHours, weeklyHours } from './weekly-hours.js';

/** Hours and windows of a series as one predicate. A one-off window counts to the millisecond, hours to the minute. */
export function suppressionOf(
  businessHours: WeeklyHours | undefined,
  maintenance: readonly MaintenanceWindow[],
): Suppression | null {
  if (businessHours === undefined && maintenance.length === 0) return null;
  const windows = maintenance.map(windowOf);
  const open = businessHours && weeklyHours(businessHours);
  const closed = businessHours ? `outside business hours: ${describeHours(businessHours)}` : '';
  return {
    key: JSON.stringify([businessHours ?? null, maintenance]),
    reasonAt(time) {
      for (const window of windows) if (window.covers(time)) return window.reason;
      return open && !open(time) ? closed : null;
    },
  };
}

function windowOf(window: MaintenanceWindow): { readonly reason: string; covers(time: EpochMs): boolean } {
  const reason = `maintenance: ${window.reason}`;
  if (window.kind === 'weekly') return { reason, covers: weeklyHours(window) };
  const from = Date.parse(window.from);
  const to = Date.parse(window.to);
  return { reason, covers: (time) => time >= from && time < to };
}
