import type { EpochMs } from '../../kernel/clock.js';
import type { CorrelationRules, Reach } from './correlation.types.js';
import { calmSince } from './reach.js';

export type CalmVerdict =
  | { readonly state: 'active' }
  | { readonly state: 'calming'; readonly since: EpochMs; readonly resolvesAt: EpochMs }
  | { readonly state: 'calm'; readonly since: EpochMs };

/**
 * Whether an incident may resolve by itself: every anomaly ended, and none began for `calmMs`. Anomalies whose series
 * fell silent count as running for `staleHoldMs` longer.
 *
 * @param now event time of the environment; for live ones that is the present
 */
export function judgeCalm(reach: readonly Reach[], now: EpochMs, rules: CorrelationRules): CalmVerdict {
  const since = calmSince(reach);
  if (since === null) return { state: 'active' };
  const resolvesAt = since + rules.calmMs;
  return now >= resolvesAt ? { state: 'calm', since } : { state: 'calming', since, resolvesAt };
}
