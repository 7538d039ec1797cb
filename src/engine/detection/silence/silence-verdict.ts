import type { EpochMs } from '../../../kernel/clock.js';
import type { ResolvedSeries } from '../settings/detection-settings.types.js';

/** Factor by which feedback says that the silence of a like is none; it is no channel of any detector. */
export const SILENCE_FACTOR = 'silence';

/**
 * What the settings of a series say about its silence at a time: null where it is an anomaly. To be silent is to be
 * below what is expected, so it is none where only what is above counts.
 */
export function silenceVerdict(
  { settings, excluded, suppression }: Pick<ResolvedSeries, 'settings' | 'excluded' | 'suppression'>,
  time: EpochMs,
): 'excluded' | 'muted' | 'suppressed' | null {
  if (excluded !== null) return 'excluded';
  if (settings.direction === 'above' || (settings.channelFactors?.[SILENCE_FACTOR] ?? 1) > 1) return 'muted';
  return suppression !== null && suppression.reasonAt(time) !== null ? 'suppressed' : null;
}
