import { z } from 'zod';
import { countBound, durationBound, ratioBound } from './bound.schema.js';
import { name, section } from './fields.js';
import { without } from './forms.js';

const latencies = section(
  {
    p50: durationBound('Median.').optional(),
    p90: durationBound('90th percentile.').optional(),
    p95: durationBound('95th percentile.').optional(),
    p99: durationBound('99th percentile.').optional(),
    p999: durationBound('99.9th percentile.').optional(),
  },
  'Time that users waited for good answers, over the run.',
);

const replicas = section(
  {
    min: countBound('Fewest ready pods.', 'at least').optional(),
    max: countBound('Most ready pods.', 'at most').optional(),
    mean: countBound('Mean.', null).optional(),
    final: countBound('At the end.', 'exactly').optional(),
    changes: countBound('How often the number was changed.', null).optional(),
  },
  'Of a service, all clusters together.',
);

const lag = section(
  {
    max: countBound('Most messages that waited.', 'at most').optional(),
    final: countBound('At the end.', 'exactly').optional(),
  },
  'Messages of a queue that wait.',
);

/** Which measures belong to which subject; a subject is what an item is about. */
export const MEASURES = {
  slo: ['badRatio', 'budgetSpent', 'harm'],
  service: ['replicas', 'restarts', 'oomKills', 'unschedulablePods'],
  entry: ['latency', 'errorRatio'],
  fault: ['recovery', 'detection'],
  queue: ['lag'],
  none: ['cost', 'incidents', 'restarts', 'oomKills', 'unschedulablePods'],
} as const;

/** The same for the JSON Schema: which measures need a subject, and which may not stand beside it. */
function measuresOfSubjects(): Readonly<Record<string, unknown>> {
  const { none, ...subjects } = MEASURES;
  const all = [...new Set(Object.values(MEASURES).flat())];
  const needed = Object.entries(subjects).flatMap(([subject, measures]) =>
    measures
      .filter((measure) => !none.some((free) => free === measure))
      .map((measure) => [measure, [subject]] as const),
  );
  const alone = Object.entries(subjects).map(([subject, measures]) => {
    const others = Object.keys(subjects).filter((other) => other !== subject);
    const foreign = all.filter((measure) => !measures.some((own) => own === measure));
    return [subject, { minProperties: 2, ...without(...others, ...foreign) }] as const;
  });
  return {
    minProperties: 1,
    dependentRequired: Object.fromEntries(needed),
    dependentSchemas: Object.fromEntries(alone),
  };
}

const fields = section(
  {
    slo: name('An SLO; beside it `badRatio`, `budgetSpent`, `harm`.', 'home-fast').optional(),
    service: name('A service; beside it `replicas`, `restarts`, `oomKills`, `unschedulablePods`.').optional(),
    entry: name('An entry point; beside it `latency`, `errorRatio`.', 'shoppers').optional(),
    fault: name('A fault; beside it `recovery`, `detection`.', 'slow-db').optional(),
    queue: name('A queue; beside it `lag`.', 'orders').optional(),
    badRatio: ratioBound('Share of bad requests over the run.').optional(),
    budgetSpent: ratioBound(
      'Share of the error budget of the run that was spent; over 100% the objective was missed.',
    ).optional(),
    harm: durationBound('How long users were harmed.').optional(),
    replicas: replicas.optional(),
    restarts: countBound('Restarts of containers; without a service: of all.', 'exactly').optional(),
    oomKills: countBound('Containers killed for memory; without a service: of all.', 'exactly').optional(),
    unschedulablePods: countBound(
      'Most pods at once that fit on no node; without a service: of all.',
      'exactly',
    ).optional(),
    latency: latencies.optional(),
    errorRatio: ratioBound("Share of users' requests that failed.").optional(),
    recovery: durationBound('From the end of the fault until its entry points are within their SLO again.').optional(),
    detection: durationBound(
      'From the first harm of the fault to its detection. Unknown in a run without detectors.',
    ).optional(),
    lag: lag.optional(),
    cost: countBound('US dollars for nodes over the run.', null).optional(),
    incidents: countBound('Incidents opened. Unknown in a run without detectors.', 'exactly').optional(),
  },
  'What must hold at the end: a subject and bounds of its measures.',
).meta(measuresOfSubjects());

type Fields = z.output<typeof fields>;

export const expectationSchema = fields.transform((value, context): Fields => {
  const fail = (message: string, path: string[] = []) =>
    void context.issues.push({ code: 'custom', input: value, message, path, params: { at: 'key' } });
  const given = Object.keys(value).filter((key) => value[key as keyof Fields] !== undefined);
  const subjects = given.filter((key) => key in MEASURES);
  const subject = (subjects[0] ?? 'none') as keyof typeof MEASURES;
  const known: readonly string[] = MEASURES[subject];
  if (subjects.length > 1) fail(`is about one thing: ${subjects.join(' or ')}, not both`);
  const measures = given.filter((key) => !subjects.includes(key));
  for (const key of measures) {
    if (!known.includes(key))
      fail(
        subject === 'none'
          ? `needs a subject: ${subjectsOf(key)}`
          : `is no measure of a ${subject}; it has ${known.join(', ')}`,
        [key],
      );
  }
  if (measures.length === 0) fail(`says nothing; give ${known.join(', ')}`);
  return value;
});

function subjectsOf(measure: string): string {
  return Object.entries(MEASURES)
    .filter(([, measures]) => (measures as readonly string[]).includes(measure))
    .map(([subject]) => subject)
    .join(' or ');
}

export type RawExpectation = Fields;
