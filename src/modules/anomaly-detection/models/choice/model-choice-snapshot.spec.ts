import { describe, expect, it } from 'vitest';
import type { StagedModel } from '../data/stage.repository.js';
import { effectiveModels } from './model-choice-snapshot.js';

const row = (id: string, stage: StagedModel['stage'], scope: string | null, changes: Partial<StagedModel> = {}) =>
  ({ id, name: id, version: '1', kind: 'window-model', stage, scope, suspendedAt: null, ...changes }) as StagedModel;

const chosen = (...rows: StagedModel[]) => {
  const { windowModel, calibration, shadows } = effectiveModels(rows);
  return {
    windowModel: windowModel?.id ?? null,
    calibration: calibration?.id ?? null,
    shadows: shadows.map((s) => s.id),
  };
};

describe('effectiveModels', () => {
  it('puts what is active here before what is active everywhere', () => {
    expect(chosen(row('all', 'active', null), row('here', 'active', 'e')).windowModel).toBe('here');
    expect(chosen(row('here', 'active', 'e'), row('all', 'active', null)).windowModel).toBe('here');
    expect(chosen(row('all', 'active', null)).windowModel).toBe('all');
  });

  it('does not use here what was retired here', () => {
    expect(chosen(row('all', 'active', null), row('all', 'retired', 'e')).windowModel).toBeNull();
    expect(chosen(row('all', 'shadow', null), row('all', 'retired', 'e')).shadows).toEqual([]);
  });

  it('names each shadow once, and no active version', () => {
    const rows = [row('a', 'shadow', null), row('a', 'shadow', 'e'), row('b', 'active', 'e'), row('b', 'shadow', null)];
    expect(chosen(...rows)).toEqual({ windowModel: 'b', calibration: null, shadows: ['a'] });
  });

  it('keeps kinds apart', () => {
    const calibration = row('c', 'active', 'e', { kind: 'calibration' });
    expect(chosen(calibration, row('m', 'active', null))).toMatchObject({ calibration: 'c', windowModel: 'm' });
  });

  it('has another revision whenever anything differs', () => {
    const suspended = row('a', 'active', null, { suspendedAt: new Date(0) });
    const revisions = [[], [row('a', 'active', null)], [row('a', 'shadow', null)], [suspended]].map(
      (rows) => effectiveModels(rows).revision,
    );
    expect(new Set(revisions).size).toBe(4);
  });
});
