import { describe, expect, it } from 'vitest';
import { fireAlerts } from './fire-alerts.js';
import type { AlertRule } from './alert-rule.js';

const STEP = 15_000;
const rule = (changes: Partial<AlertRule>): AlertRule => ({
  alert: 'Slow',
  expr: 'x > 1',
  forMs: 0,
  keepFiringMs: 0,
  intervalMs: STEP,
  labels: { severity: 'page' },
  ...changes,
});
const at = (...ticks: number[]) => ticks.map((tick) => tick * STEP);
const fire = (changes: Partial<AlertRule>, ...ticks: number[]) =>
  fireAlerts(rule(changes), [{ labels: { __name__: 'x', service: 'web' }, times: at(...ticks) }], 100 * STEP).map(
    (alert) => [alert.at / STEP, alert.endedAt === null ? null : alert.endedAt / STEP],
  );

describe('an alerting rule', () => {
  it('fires at once without `for`, and is resolved at the first evaluation without a result', () => {
    expect(fire({}, 3, 4, 5, 9)).toEqual([
      [3, 6],
      [9, 10],
    ]);
  });

  it('fires when it was pending for so long, without a gap', () => {
    expect(fire({ forMs: 2 * STEP }, 3, 4, 6, 7, 8, 9)).toEqual([[8, 10]]);
  });

  it('keeps firing over pauses that it may', () => {
    expect(fire({ keepFiringMs: 2 * STEP }, 3, 4, 7, 11)).toEqual([
      [3, 10],
      [11, 14],
    ]);
  });

  it('has not ended when it fires at the last evaluation', () => {
    expect(fire({}, 99, 100)).toEqual([[99, null]]);
  });

  it('carries the labels of the series and its own, but for the name of the metric', () => {
    const [alert] = fireAlerts(rule({}), [{ labels: { __name__: 'x', service: 'web' }, times: [0] }], 1e9);
    expect(alert).toMatchObject({
      labels: { service: 'web', severity: 'page', alertname: 'Slow' },
      subject: 'Slow{service="web",severity="page"}',
    });
  });

  it('fills its labels from those of the series', () => {
    const labels = { service: '{{ $labels.app }}', team: '{{ .Labels.none }}', value: '{{ $value }}' };
    const [alert] = fireAlerts(rule({ labels }), [{ labels: { app: 'web' }, times: [0] }], 1e9);
    expect(alert!.labels).toEqual({ app: 'web', service: 'web', value: '{{ $value }}', alertname: 'Slow' });
  });
});
