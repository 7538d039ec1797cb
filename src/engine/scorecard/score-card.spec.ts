import { describe, expect, it } from 'vitest';
import { calmTime } from './match-detections.js';
import { scoreCard } from './score-card.js';
import type { Detection, LabelledStretch, ScoredRun } from './score-card.types.js';

const S = 1000;
const MINUTE = 60 * S;
const WEEK = 7 * 24 * 60 * MINUTE;

function stretch(changes: Partial<LabelledStretch>): LabelledStretch {
  return {
    id: 'f',
    kind: 'pod-kill',
    where: 'x',
    from: 0,
    to: 0,
    harmedAt: null,
    services: null,
    branch: null,
    ...changes,
  };
}

function said(at: number, changes: Partial<Detection> = {}): Detection {
  return { at, endedAt: null, service: 'web', subject: 'up', reason: 'value', branch: null, trace: null, ...changes };
}

function run(changes: Partial<ScoredRun>): ScoredRun {
  return {
    detector: 'd',
    run: 'r',
    from: 0,
    to: WEEK,
    intervalMs: 15 * S,
    calmMs: WEEK,
    calmSeriesMs: 2000 * WEEK,
    stretches: [],
    anomalies: [],
    pages: [],
    nearMisses: {},
    ...changes,
  };
}

const only = (...runs: ScoredRun[]) => scoreCard(runs).detectors[0]!;

describe('a score card', () => {
  // One outage from 100 min to 110 min, users harmed from 101 min; detections until 120 min count.
  const outage = stretch({ from: 100 * MINUTE, to: 110 * MINUTE, harmedAt: 101 * MINUTE, services: ['web', 'db'] });

  it.each([
    ['before the fault', 99 * MINUTE, {}, { found: 0, inTime: 0, false: 1 }],
    ['with the fault, before the harm', 100 * MINUTE, {}, { found: 1, inTime: 1, false: 0 }],
    ['three scrapes after the harm', 101 * MINUTE + 45 * S, {}, { found: 1, inTime: 1, false: 0 }],
    ['a second later', 101 * MINUTE + 46 * S, {}, { found: 1, inTime: 0, false: 0 }],
    ['at the end of the grace', 120 * MINUTE, {}, { found: 1, inTime: 0, false: 0 }],
    ['after it', 120 * MINUTE + S, {}, { found: 0, inTime: 0, false: 1 }],
    ['on a service that it does not touch', 101 * MINUTE, { service: 'mail' }, { found: 0, inTime: 0, false: 1 }],
    ['on something without a service', 101 * MINUTE, { service: null }, { found: 1, inTime: 1, false: 0 }],
    ['in another branch', 101 * MINUTE, { branch: 'b' }, { found: 0, inTime: 0, false: 1 }],
  ])('counts a detection %s', (_, at, changes, expected) => {
    const detection = said(at, changes);
    const { all, pages } = only(run({ stretches: [outage], anomalies: [detection], pages: [detection] }));
    expect({ found: all.found, inTime: all.inTime, false: pages.false }).toEqual(expected);
    expect(pages.true + pages.false).toBe(1);
  });

  it('takes the first detection for the time to detect, in seconds and scrapes', () => {
    const anomalies = [said(103 * MINUTE), said(101 * MINUTE + 30 * S), said(102 * MINUTE)];
    const { all } = only(run({ stretches: [outage], anomalies }));
    expect(all.fromHarm.seconds.value).toBe(30);
    expect(all.fromHarm.scrapes.value).toBe(2);
    expect(all.fromStart.seconds.value).toBe(90);
  });

  it('counts an anomaly that was open before, and goes on, neither for nor against the fault', () => {
    const before = said(50 * MINUTE, { endedAt: 200 * MINUTE });
    const { all, calm } = only(run({ stretches: [outage], anomalies: [before], pages: [before] }));
    expect([all.found, calm.pages]).toEqual([0, 1]);
  });

  it('gives rates per 1,000 series and week of calm time, without the warm-up', () => {
    const early = said(10 * MINUTE);
    const later = [said(3000 * MINUTE), said(3001 * MINUTE), said(4000 * MINUTE)];
    const { calm } = only(
      run({ from: 60 * MINUTE, anomalies: [early, ...later], pages: [early, later[0]!], calmSeriesMs: 2000 * WEEK }),
    );
    expect([calm.anomalies, calm.pages, calm.thousandSeriesWeeks, calm.weeks]).toEqual([3, 1, 2, 1]);
    expect(calm.anomalyRate.value).toBe(1.5);
    expect(calm.pageRate.value).toBe(0.5);
  });

  it('judges each kind alone, and lists what was missed with what came closest', () => {
    const other = stretch({ id: 'g', kind: 'zone-loss', from: 500 * MINUTE, to: 510 * MINUTE, harmedAt: 500 * MINUTE });
    const quiet = stretch({ id: 'h', kind: 'zone-loss', from: 700 * MINUTE, to: 710 * MINUTE });
    const near = [{ subject: 'up', score: 0.8, trace: { times: [], values: [], lower: [], upper: [], scores: [] } }];
    const { byKind, misses } = only(
      run({ stretches: [outage, other, quiet], anomalies: [said(101 * MINUTE)], nearMisses: { g: near } }),
    );
    expect(
      byKind.map(({ kind, found, stretches, inTime, harmful }) => [kind, found, stretches, inTime, harmful]),
    ).toEqual([
      ['pod-kill', 1, 1, 1, 1],
      ['zone-loss', 0, 2, 0, 1],
    ]);
    expect(misses.map((miss) => [miss.stretch.id, miss.late, miss.nearest.length])).toEqual([
      ['g', false, 1],
      ['h', false, 0],
    ]);
  });

  it('says what as many pages at random times would find', () => {
    // 10,080 pages a week are one a minute; the window is a minute and 45 s: 1 - exp(-1.75).
    const pages = Array.from({ length: 10_080 }, (_, i) => said(i * MINUTE + 1));
    const { inTimeByChance } = only(run({ stretches: [{ ...outage, branch: 'b' }], pages, anomalies: pages }));
    expect(inTimeByChance).toBeCloseTo(1 - Math.exp(-1.75), 10);
  });

  it('keeps detectors apart, in the order in which they come', () => {
    const card = scoreCard([
      run({ detector: 'b' }),
      run({ detector: 'a', run: 's' }),
      run({ detector: 'b', run: 's' }),
    ]);
    expect(card.detectors.map(({ detector }) => detector)).toEqual(['b', 'a']);
    expect(card.detectors[0]!.calm.weeks).toBe(2);
    expect(card.runs).toEqual(['r', 's']);
  });
});

describe('calm time', () => {
  const rules = { graceMs: 10, inTimeScrapes: 3 };

  it('is what no stretch with its grace covers, overlaps counted once', () => {
    const stretches = [
      stretch({ from: 100, to: 190 }),
      stretch({ from: 150, to: 240 }),
      stretch({ from: 400, to: 500 }),
      stretch({ from: 600, to: 700, branch: 'b' }),
      stretch({ from: 950, to: 2000 }),
    ];
    // Busy: 100 to 250, 400 to 510, 950 to 1000.
    expect(calmTime(0, 1000, stretches, rules)).toBe(1000 - 150 - 110 - 50);
  });
});
