import { describe, expect, it } from 'vitest';
import { silenceVerdict } from './silence-verdict.js';

const SETTINGS = { minimumDeviation: 1, minimumRelativeDeviation: 0, sensitivity: 6 };
const OPEN = { settings: SETTINGS, excluded: null, suppression: null };
const works = { key: 'works', reasonAt: (time: number) => (time < 100 ? 'works' : null) };

describe('what settings say about silence', () => {
  it('is an anomaly where nothing speaks against it', () => {
    expect(silenceVerdict(OPEN, 0)).toBeNull();
    expect(silenceVerdict({ ...OPEN, settings: { ...SETTINGS, direction: 'below' } }, 0)).toBeNull();
  });

  it('is none of an excluded series, in maintenance, above only, or where feedback said so', () => {
    expect(silenceVerdict({ ...OPEN, excluded: 'noise' }, 0)).toBe('excluded');
    expect(silenceVerdict({ ...OPEN, suppression: works }, 99)).toBe('suppressed');
    expect(silenceVerdict({ ...OPEN, suppression: works }, 100)).toBeNull();
    expect(silenceVerdict({ ...OPEN, settings: { ...SETTINGS, direction: 'above' } }, 0)).toBe('muted');
    const factors = { ...SETTINGS, channelFactors: { silence: 2 } };
    expect(silenceVerdict({ ...OPEN, settings: factors }, 0)).toBe('muted');
    // Feedback about gaps is none about silence.
    expect(silenceVerdict({ ...OPEN, settings: { ...SETTINGS, channelFactors: { missing: 2 } } }, 0)).toBeNull();
  });
});
