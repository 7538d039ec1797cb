import { z } from 'zod';
import { defineConfig, type ConfigOf } from '../../platform/config/define-config.js';
import { modelsSettings } from './models/models.config.js';
import { scoreCardsSettings } from './scorecards/score-cards.config.js';

const metricPattern = z
  .string()
  .min(1)
  .refine(isPattern, 'must be a regular expression for the whole metric name')
  .describe('Regular expression that must match the whole metric name');

export const anomalyDetectionConfig = defineConfig({
  key: 'anomalyDetection',
  title: 'Anomaly detection',
  description: 'How series are scored, on the tick of their environment.',
  schema: z.object({
    detector: z
      .enum(['channel-ensemble', 'robust-window'])
      .default('channel-ensemble')
      .describe(
        'channel-ensemble looks in several ways, knows seasons, and is calibrated. robust-window is a short-term band.',
      ),
    windowPoints: z
      .number()
      .int()
      .min(20)
      .max(2_000)
      .default(120)
      .describe(
        'robust-window: ticks a series is compared with. 120 ticks of 15 s are half an hour. Memory: 8 bytes each, per series.',
      ),
    minimumPoints: z
      .number()
      .int()
      .min(5)
      .max(1_000)
      .default(12)
      .describe('Ticks with a value before a series is scored. Stored history counts.'),
    sensitivity: z
      .number()
      .min(1)
      .max(100)
      .default(6)
      .describe('Half-width of the band in robust standard deviations. Lower finds more and alarms more.'),
    noveltyMargin: z
      .number()
      .min(1)
      .max(100)
      .default(2)
      .describe('robust-window: the band reaches at least this many times as far as the usual extremes of the series.'),
    minimumRelativeDeviation: z
      .number()
      .min(0)
      .max(10)
      .default(0.2)
      .describe('Deviations below this share of the expected value are no anomaly: 0.2 is 20 %.'),
    minimumDeviations: z
      .array(
        z.object({
          metric: metricPattern,
          deviation: z.number().positive().describe('In the unit of the metric; for counters per second'),
        }),
      )
      .default([])
      .describe('Smallest deviation that counts, by metric name. The first match wins; then built-in values by unit.'),
    exclude: z
      .array(z.object({ metric: metricPattern, reason: z.string().min(1).default('excluded by configuration') }))
      .default([])
      .describe('Series that are not scored, beside the built-in ones (buckets, info and clock metrics).'),
    closeAfter: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(6)
      .describe('An anomaly ends after this many calm ticks in a row.'),
    adoptAfter: z
      .number()
      .int()
      .min(10)
      .max(100_000)
      .default(240)
      .describe('An anomaly that lasts this many ticks is the new normal: it ends, and the level is learned.'),
    staleAfterIntervals: z
      .number()
      .min(2)
      .max(1_000)
      .default(5)
      .describe(
        'A series is stale after this many of its own sample intervals (or ticks, where those are longer) without a sample.',
      ),
    silenceMinutes: z
      .number()
      .min(0)
      .max(1_440)
      .default(5)
      .describe(
        'Series that reported regularly for an hour are an anomaly when none of their like (same metric and service) has sent a sample for so long; at least 4 ticks. 0 turns it off.',
      ),
    silenceAdoptHours: z
      .number()
      .min(1)
      .max(8_760)
      .default(24)
      .describe('What is silent for so long is gone for good: the anomaly ends.'),
    delayMs: z
      .number()
      .int()
      .min(0)
      .max(600_000)
      .default(2_000)
      .describe('How long after a tick its samples may still arrive before it is scored.'),
    shardSize: z
      .number()
      .int()
      .min(10)
      .max(10_000)
      .default(1_000)
      .describe('Series ids per job. Changing it rebuilds every window from history once.'),
    shardsInMemory: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(256)
      .describe('Shards one worker keeps; others are restored from their snapshot when their turn comes.'),
    warmStartMinutes: z
      .number()
      .int()
      .min(1)
      .max(10_080)
      .default(120)
      .describe('History that is learned before a series is scored at all, however many series there are.'),
    learnDays: z
      .number()
      .min(0)
      .max(90)
      .default(14)
      .describe('History that is learned where there is no snapshot. Two weeks show a weekly season twice.'),
    learnAtOncePoints: z
      .number()
      .int()
      .min(0)
      .max(1_000_000_000)
      .default(1_000_000)
      .describe(
        'Points of history that a shard goes through before it is scored; what is older is learned in the background.',
      ),
    snapshotMinutes: z
      .number()
      .min(0.1)
      .max(1_440)
      .default(15)
      .describe(
        'How often states are kept in the database. After a restart, samples since then are gone through again.',
      ),
    catchUpTicks: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(40)
      .describe('Ticks that are scored and committed at once after downtime.'),
    maximumCatchUpHours: z
      .number()
      .min(0.1)
      .max(168)
      .default(6)
      .describe('Ticks older than this are not scored after downtime; they only fill the windows.'),
    serviceSignals: z
      .boolean()
      .default(true)
      .describe(
        'Derives signals of services from the series of their pods (requests, errors, latency quantiles, use) and a residual of how they move together; records and scores them like any series.',
      ),
    scorePods: z
      .boolean()
      .default(false)
      .describe(
        'Whether series of pods are scored beside the signals of their services. Off, as `dsim score` measures: fewer pages when autoscalers deal requests out anew, less work, and no word about a single pod but through means and maxima.',
      ),
    signalHistoryMinutes: z
      .number()
      .min(0)
      .max(10_080)
      .default(60)
      .describe('History for which signals are derived when an environment gets its first ones.'),
    maximumSignalsPerService: z
      .number()
      .int()
      .min(4)
      .max(1_000)
      .default(40)
      .describe('Of a service with more signals the most telling are kept.'),
    groupHoldMinutes: z
      .number()
      .min(0)
      .max(1_440)
      .default(10)
      .describe('An anomaly group without a running anomaly is held for so long: what returns until then extends it.'),
    groupSpreadMinutes: z
      .number()
      .min(0)
      .max(1_440)
      .default(5)
      .describe(
        'Anomalies of services that call one another, or of one node, are one group if they begin within so long.',
      ),
    groupBurstSeconds: z
      .number()
      .min(0)
      .max(3_600)
      .default(45)
      .describe('Any two anomalies of an environment that begin within so long are one group. 0 turns it off.'),
    recordScores: z
      .boolean()
      .default(true)
      .describe('Stores anomaly_score, yhat, yhat_lower and yhat_upper of every scored series as series of their own.'),
    scoreCards: scoreCardsSettings.prefault({}).describe('Alert rules on score cards: docs/detection.md'),
    models: modelsSettings.prefault({}).describe('Versions of models, shadows and refits: docs/models.md'),
  }),
});

export type AnomalyDetectionConfig = ConfigOf<typeof anomalyDetectionConfig>;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
