import { z } from 'zod';
import { END_REASONS } from '../../engine/detection/end-reasons.js';
import { defineEvent } from '../../platform/events/define-event.js';

const anomalyFacts = z.object({
  anomalyId: z.string(),
  environmentId: z.string(),
  seriesId: z.number().int(),
  /** Labels of the series, `__name__` included. */
  labels: z.record(z.string(), z.string()),
  /** Anomalies of one cause share a group; null where the release that told of it knew none. */
  groupId: z.string().nullable().default(null),
  detector: z.string().describe('Model id and version, `robust-window@1`'),
  startedAt: z.iso.datetime(),
  /** Where the score was highest so far. */
  peakAt: z.iso.datetime(),
  score: z.number().describe('Highest score so far; 1.0 is the boundary'),
  /** These are null where the anomaly is that nothing was reported. */
  value: z.number().nullable(),
  yhat: z.number().nullable(),
  yhatLower: z.number().nullable(),
  yhatUpper: z.number().nullable(),
});

/** A stretch of one series began to score above 1 and held. */
export const AnomalyDetected = defineEvent({
  type: 'anomaly-detection.anomaly-detected',
  version: 1,
  payload: anomalyFacts,
});

/** The series has been calm again, or stopped sending. */
export const AnomalyEnded = defineEvent({
  type: 'anomaly-detection.anomaly-ended',
  version: 1,
  payload: anomalyFacts.extend({ endedAt: z.iso.datetime(), reason: z.enum(END_REASONS) }),
});

/** One tick of an environment was scored: pages refresh their charts on it. */
export const TickScored = defineEvent({
  type: 'anomaly-detection.tick-scored',
  version: 1,
  payload: z.object({ environmentId: z.string(), scoredUntil: z.iso.datetime(), series: z.number().int() }),
});
