import { describe, expect, it } from 'vitest';
import { promotedFrom, refusedPromotion } from './stage-rules.js';

describe('promotions', () => {
  it.each([
    ['candidate', 'shadow'],
    ['shadow', 'active'],
    ['retired', 'shadow'],
    ['active', null],
  ] as const)('lead from %s to %s', (from, to) => {
    expect(promotedFrom(from)).toBe(to);
  });

  it.each([
    ['candidate', 'active', 'shadow first'],
    ['retired', 'active', 'shadow first'],
    ['active', 'shadow', 'roll back'],
    ['active', 'active', 'already'],
    ['shadow', 'candidate', 'leads to shadow or active'],
  ] as const)('do not lead from %s to %s', (from, to, reason) => {
    expect(refusedPromotion(from, to)).toContain(reason);
  });

  it('are not refused where they lead', () => {
    expect(refusedPromotion('candidate', 'shadow')).toBeNull();
    expect(refusedPromotion('shadow', 'active')).toBeNull();
  });
});
