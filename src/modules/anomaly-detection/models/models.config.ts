import { z } from 'zod';

/** `anomalyDetection.models`: versions, shadows and refits. */
export const modelsSettings = z.object({
  maxUploadMegabytes: z
    .number()
    .min(0.001)
    .max(1_024)
    .default(16)
    .describe('A larger ONNX file is refused. http.binaryBodyLimitBytes bounds the request besides.'),
  trialRunMs: z
    .number()
    .int()
    .min(1)
    .max(60_000)
    .default(200)
    .describe('An uploaded model may take this long for 256 windows; a slower one is refused.'),
  trialSeconds: z
    .number()
    .int()
    .min(1)
    .max(600)
    .default(20)
    .describe('How long the whole trial of an upload may take.'),
  suspendAfter: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('Failed or slow runs in a row after which a model is suspended; plain channels score meanwhile.'),
  refreshMs: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(1_000)
    .describe('How old the knowledge of stages may be: a promotion reaches every process within this time.'),
  refitHours: z
    .number()
    .min(0)
    .max(8_760)
    .default(24)
    .describe('How often the calibration of each environment is fitted anew. 0: only on drift and on request.'),
  refitHistoryHours: z
    .number()
    .min(1)
    .max(2_160)
    .default(168)
    .describe('History that a refit learns from, as far as it is kept.'),
  refitWarmUpHours: z
    .number()
    .min(0)
    .max(720)
    .default(24)
    .describe('The first hours of a series that a refit does not count: its bands are wide while it is being learned.'),
  refitSeriesWeeks: z
    .number()
    .min(0.001)
    .max(10_000)
    .default(10)
    .describe(
      'A refit needs as many series times weeks after their warm-up; the first starts when they are there. The shipped calibration weighs 500.',
    ),
  refitSeries: z
    .number()
    .int()
    .min(10)
    .max(100_000)
    .default(2_000)
    .describe('Series that a refit looks at; a larger environment is sampled.'),
  shadowHours: z
    .number()
    .min(0.01)
    .max(2_160)
    .default(24)
    .describe('How long a refitted candidate runs in shadow before it is judged.'),
  autoPromote: z
    .boolean()
    .default(false)
    .describe('Whether a refit whose score card is better becomes active by itself. Else it waits for somebody.'),
  driftProbability: z
    .number()
    .min(1e-12)
    .max(0.1)
    .default(1e-4)
    .describe(
      'A refit starts early where the measured number of anomalies is less probable than this at the chosen rate.',
    ),
  driftIndex: z
    .number()
    .min(0.05)
    .max(10)
    .default(0.25)
    .describe('A refit starts early where scores have moved by this population stability index since the last fit.'),
});

export type ModelsSettings = z.output<typeof modelsSettings>;
