import { describe, expect, it } from 'vitest';
import { robustWindowReference } from '../robust-window.graph.js';
import { RobustWindowDetector } from '../robust-window.js';
import { findAnomalies } from './find-anomalies.js';

const STEP = 15_000;

describe('a run over history', () => {
  it('ends what is open where the series falls silent, as live scoring does', async () => {
    const values = Float64Array.from({ length: 80 }, (_, i) =>
      i < 40 ? 10 + (i % 3) : i < 44 ? 500 : i < 60 ? NaN : 11,
    );
    const settings = { minimumDeviation: 1, minimumRelativeDeviation: 0.2, sensitivity: 6 };
    const { anomalies } = await findAnomalies({
      detector: new RobustWindowDetector(),
      run: robustWindowReference,
      grid: { first: STEP, stepMs: STEP, count: 80 },
      series: [{ values, settings, suppression: null }],
    });
    // The newest value is that of tick 44; the sixth without one is more than five intervals later.
    expect(anomalies).toMatchObject([{ startedAt: 41 * STEP, endedAt: 50 * STEP }]);
  });
});
