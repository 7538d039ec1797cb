import { describe, expect, it } from 'vitest';
import { explainAnomaly, type AnomalyFacts } from './explain-anomaly.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 9, 12, 3);
const SILENT: AnomalyFacts = {
  labels: { __name__: 'service:http_requests_total:rate', service: 'web' },
  unit: 'raw',
  startedAt: START,
  endedAt: null,
  peakAt: START + 300_000,
  score: 5.25,
  value: NaN,
  yhat: NaN,
  yhatLower: NaN,
  yhatUpper: NaN,
  contributions: { missing: 5.25 },
  rarity: null,
  coMovers: [],
  silence: { scope: 'like', everyMs: 15_000, reportedSince: START - 144 * HOUR, longestGapMs: 30_000 },
};

describe('a silence in words', () => {
  it('says since when, after what, and for how long compared with before', () => {
    const { sentence, value, rarity, expected } = explainAnomaly(SILENT);
    expect(sentence).toBe(
      'HTTP requests of web stopped reporting at 2026-11-09 12:03 UTC after reporting every 15 seconds for 6 days: ' +
        'silent 5.3 times as long as any gap before, and no other series of its like reports.',
    );
    expect([value, rarity, expected]).toEqual(['no data', 'the longest gap before was 30 seconds', '']);
    expect(explainAnomaly({ ...SILENT, endedAt: START + 2 * HOUR }).sentence).toContain(
      'for 6 days, for 2 hours: silent',
    );
  });

  it('keeps instants apart for the time zone of the reader', () => {
    expect(explainAnomaly(SILENT).parts[1]).toEqual({ instant: START });
  });

  it('speaks of the collection where nothing arrives at all', () => {
    const silence = { ...SILENT.silence!, scope: 'environment' as const };
    expect(explainAnomaly({ ...SILENT, labels: { __name__: 'environment:telemetry' }, silence }).sentence).toBe(
      'No telemetry at all arrived from 2026-11-09 12:03 UTC on after samples every 15 seconds for 6 days: silent 5.3 ' +
        'times as long as any gap before; what collects or carries it is more likely down than every service.',
    );
  });
});
