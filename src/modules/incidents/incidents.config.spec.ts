import { describe, expect, it } from 'vitest';
import { correlationRules, incidentsConfig } from './incidents.config.js';

describe('incidents configuration', () => {
  it('has defaults, in milliseconds for the engine', () => {
    expect(correlationRules(incidentsConfig.schema.parse({}))).toEqual({
      labels: ['job', 'instance', 'service'],
      gapMs: 300_000,
      calmMs: 300_000,
      reopenMs: 1_800_000,
      staleHoldMs: 1_800_000,
    });
  });

  it.each([
    { correlationLabels: [] },
    { correlationLabels: ['not a label'] },
    { calmMinutes: -1 },
    { gapMinutes: 1_441 },
    { reopenMinutes: '5' },
    { keepDays: 0 },
  ])('refuses %j', (value) => {
    expect(incidentsConfig.schema.safeParse(value).success).toBe(false);
  });
});
