/** When the silence of likes is an anomaly. Durations in milliseconds of event time. */
export interface SilenceRules {
  /** Without any sample for longer than this; Prometheus forgets a sample after five minutes, too. */
  readonly silenceAfterMs: number;
  /** And for longer than so many ticks, where those are long. */
  readonly fewestTicks: number;
  /** A like is regular that had a sample in this share of the ticks in which its rhythm wanted one ... */
  readonly regularShare: number;
  /** ... over at least so long. */
  readonly regularForMs: number;
  /** It ends when so many ticks had samples again. */
  readonly calmTicks: number;
  /** What is silent for so long is gone for good: the anomaly ends, and the like has to become regular again. */
  readonly adoptAfterMs: number;
}

const HOUR_MS = 3_600_000;

export const DEFAULT_SILENCE_RULES: SilenceRules = {
  silenceAfterMs: 300_000,
  fewestTicks: 4,
  regularShare: 0.95,
  regularForMs: HOUR_MS,
  calmTicks: 6,
  adoptAfterMs: 24 * HOUR_MS,
};
