import { describe, expect, it } from 'vitest';
import { durationAdvice, formatBytes, rateAdvice, sizeAdvice } from './advice.js';

describe('advice', () => {
  it.each([
    ['5 ms', '5ms'],
    ['5 milliseconds', '5ms'],
    ['3µs', '3us'],
    ['10 sec', '10s'],
    ['2 minutes', '2m'],
    ['1.5 hours', '1.5h'],
    ['3 Days', '3d'],
  ])('takes %s for %s', (text, meant) => {
    expect(durationAdvice(text, false)).toBe(`; write ${meant}`);
  });

  it.each(['soon', '5 months', '5 parsecs', ''])('has none for %j', (text) => {
    expect(durationAdvice(text, false)).toBe('');
  });

  it('knows sizes and rates that people write', () => {
    expect(sizeAdvice('512 mb')).toBe('; write 512Mi, or 512M for powers of 1000');
    expect(sizeAdvice('64kB')).toBe('; write 64Ki, or 64k for powers of 1000');
    expect(sizeAdvice('512')).toBe('');
    expect(rateAdvice('20 req/s')).toBe('; write 20/s');
    expect(rateAdvice('20 per day')).toBe('');
  });

  it.each([
    [0, '0'],
    [262_144, '256Ki'],
    [2 ** 31, '2Gi'],
    [100e6, '100M'],
    [1500, '1500'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
