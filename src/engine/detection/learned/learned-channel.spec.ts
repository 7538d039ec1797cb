import { describe, expect, it } from 'vitest';
import type { SeriesSettings } from '../detector.js';
import { learnedScore, sharpened } from './learned-channel.js';

const SETTINGS: SeriesSettings = { minimumDeviation: 1, minimumRelativeDeviation: 0, sensitivity: 6 };

describe('learned channel', () => {
  it('leaves a boundary where both agree on it, and sharpens what is suspected', () => {
    expect(sharpened(1, 1)).toBe(1);
    expect(sharpened(0.25, 2)).toBe(1);
    expect(sharpened(0.25, 4)).toBe(2);
  });

  it('alone says nothing, and never more than 1,000', () => {
    expect(sharpened(0, 400)).toBe(0);
    expect(sharpened(900, 400)).toBe(1000);
  });

  it('never exceeds 1 for what is too small or on the side nobody asked for', () => {
    expect(learnedScore(1, 5, 2, 1, SETTINGS)).toBe(5);
    expect(learnedScore(1, 5, 0.9, 1, SETTINGS)).toBe(1);
    expect(learnedScore(1, 5, -2, 1, { ...SETTINGS, direction: 'above' })).toBe(1);
    expect(learnedScore(1, 5, 2, 1, { ...SETTINGS, direction: 'below' })).toBe(1);
    expect(learnedScore(1, 5, -2, 1, { ...SETTINGS, direction: 'below' })).toBe(5);
  });

  it('is divided by the factor that feedback gave it', () => {
    expect(learnedScore(1, 5, 2, 1, { ...SETTINGS, channelFactors: { learned: 2 } })).toBe(2.5);
  });
});
