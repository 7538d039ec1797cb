import { formatNumber } from './format-quantity.js';

/** What each channel of a detector saw when it fired. */
const CHANNELS: Readonly<Record<string, string>> = {
  residual: 'away from its usual course',
  value: 'a value not seen before',
  level: 'a level not seen before',
  variability: 'swinging as it never did before',
  change: 'a sudden change of level or slope',
  flatline: 'standing still, which it never did before',
  missing: 'full of gaps, which it usually is not',
  range: 'outside the range that was set for it',
  learned: 'a shape not seen before',
  band: 'outside its expected band',
  deviation: 'outside its expected band',
  novelty: 'a value not seen before',
};

export interface ChannelScore {
  readonly channel: string;
  /** 1.0 is the boundary. */
  readonly score: number;
}

/** Channels by score, highest first; those that know nothing are left out. */
export function rankChannels(contributions: Readonly<Record<string, number>>): readonly ChannelScore[] {
  return Object.entries(contributions)
    .filter(([, score]) => Number.isFinite(score))
    .map(([channel, score]) => ({ channel, score }))
    .sort((a, b) => b.score - a.score || (a.channel < b.channel ? -1 : 1));
}

/** `a value not seen before, 3.2 times the limit`. */
export function channelText(ranked: readonly ChannelScore[], score: number): string {
  const strongest = ranked[0];
  const words =
    strongest === undefined ? CHANNELS['band']! : (CHANNELS[strongest.channel] ?? `found by ${strongest.channel}`);
  const by = strongest?.score ?? score;
  if (!Number.isFinite(by)) return words;
  if (by < 0.95) return `within its limits, ${formatNumber(Number(by.toPrecision(2)))} of the limit`;
  return `${words}, ${by >= 1.05 ? `${formatNumber(Number(by.toPrecision(2)))} times the limit` : 'just at the limit'}`;
}
