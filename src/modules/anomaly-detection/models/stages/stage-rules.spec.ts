import { describe, expect, it } from 'vitest';
import { promotedFrom, refusedPromotion, refusedRetirement, rolledBack } from './stage-rules.js';

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

describe('retirements', () => {
  it.each([
    ['active', 'candidate', null],
    ['shadow', 'candidate', null],
    ['candidate', 'active', null],
    ['candidate', 'shadow', null],
    ['candidate', 'candidate', 'not used there'],
    ['candidate', 'retired', 'not used there'],
    ['retired', 'active', 'already'],
  ] as const)('of %s, %s everywhere else', (stage, everywhere, reason) => {
    const refused = refusedRetirement(stage, everywhere);
    if (reason === null) expect(refused).toBeNull();
    else expect(refused).toContain(reason);
  });
});

describe('roll-backs', () => {
  const promoted = { fromStage: 'shadow', toStage: 'active' } as const;
  const retired = { fromStage: 'active', toStage: 'retired' } as const;

  it.each([
    ['active', promoted, false, 'shadow', null],
    ['retired', retired, false, 'active', null],
    ['retired', retired, true, 'active', 'another version is active'],
    // Retired by another version, not by a change of its own.
    ['retired', promoted, true, 'shadow', 'roll that one back first'],
    ['candidate', undefined, false, 'candidate', 'nothing has changed'],
  ] as const)('of %s after %j', (stage, change, otherActive, to, reason) => {
    const found = rolledBack(stage, change, otherActive);
    expect(found.to).toBe(to);
    if (reason === null) expect(found.refused).toBeNull();
    else expect(found.refused).toContain(reason);
  });
});
