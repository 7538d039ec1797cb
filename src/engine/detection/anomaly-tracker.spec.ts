import { describe, expect, it } from 'vitest';
import {
  CALM,
  DEFAULT_TRACKER_SETTINGS,
  trackPoint,
  type TrackerEvent,
  type TrackerSettings,
} from './anomaly-tracker.js';

const SETTINGS: TrackerSettings = { ...DEFAULT_TRACKER_SETTINGS, closeAfter: 3, adoptAfter: 20 };

/** Events other than `none`, as `kind@index`. Point i has the time 1000 i and the value 10 i. */
function run(scores: readonly number[], settings = SETTINGS): { events: string[]; last: TrackerEvent; phase: string } {
  let state = CALM;
  let last: TrackerEvent = { kind: 'none' };
  const events: string[] = [];
  scores.forEach((score, i) => {
    const step = trackPoint(
      state,
      { at: i * 1000, score, value: i * 10, yhat: 0, yhatLower: -1, yhatUpper: 1 },
      settings,
    );
    state = step.state;
    if (step.event.kind !== 'none') {
      last = step.event;
      events.push(`${step.event.kind}@${i}`);
    }
  });
  return { events, last, phase: state.phase };
}

describe('trackPoint', () => {
  it('ignores what stays at or below the boundary', () => {
    expect(run([0, 0.99, 1, 0.5])).toMatchObject({ events: [], phase: 'calm' });
  });

  it('dismisses a single spike', () => {
    expect(run([0, 9, 0, 0, 0, 0, 0])).toMatchObject({ events: ['suspected@1', 'dismissed@5'], phase: 'calm' });
  });

  it('opens after two points in a row, from the first of them', () => {
    const { events, last } = run([0, 1.5, 2]);
    expect(events).toEqual(['suspected@1', 'opened@2']);
    expect(last).toMatchObject({ startedAt: 1000, peak: { at: 2000, score: 2, value: 20 } });
  });

  it('opens on three points of five that blink', () => {
    expect(run([2, 0, 2, 0, 2]).events).toEqual(['suspected@0', 'opened@4']);
    expect(run([2, 0, 0, 2, 0, 0, 2, 0, 0, 2]).events).not.toContainEqual(expect.stringContaining('opened'));
  });

  it('tells about higher peaks while it is open', () => {
    const { events, last } = run([2, 2, 1.5, 5, 4]);
    expect(events).toEqual(['suspected@0', 'opened@1', 'peaked@3']);
    expect(last).toMatchObject({ peak: { at: 3000, score: 5 } });
  });

  it('ends at the first of enough calm points', () => {
    const { events, last, phase } = run([2, 2, 0.1, 2, 0.1, 0.1, 0.1]);
    expect(events).toEqual(['suspected@0', 'opened@1', 'ended@6']);
    expect(last).toMatchObject({ kind: 'ended', startedAt: 0, endedAt: 4000, adopted: false });
    expect(phase).toBe('calm');
  });

  it('does not flap: points just below the boundary keep it open', () => {
    const around = [2, 2, ...Array.from({ length: 12 }, (_, i) => (i % 2 ? 1.05 : 0.9))];
    expect(run(around)).toMatchObject({ phase: 'open', events: ['suspected@0', 'opened@1'] });
  });

  it('adopts a level that stays', () => {
    const { last, phase } = run(new Array<number>(20).fill(3));
    expect(last).toMatchObject({ kind: 'ended', startedAt: 0, adopted: true });
    expect(phase).toBe('calm');
  });

  it('is a pure step', () => {
    const point = { at: 0, score: 2, value: 1, yhat: 0, yhatLower: 0, yhatUpper: 0 };
    const before = structuredClone(CALM);
    trackPoint(CALM, point, SETTINGS);
    expect(CALM).toEqual(before);
  });
});
