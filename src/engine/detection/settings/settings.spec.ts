import { describe, expect, it } from 'vitest';
import type { SettingsRule, WeeklyHours } from './detection-settings.types.js';
import { diffSettings } from './diff-settings.js';
import { compileSettings, resolveSeries } from './resolve-series.js';
import { suppressionOf } from './suppression.js';
import { minutesOf } from './wall-clock.js';
import { describeHours, weeklyHours } from './weekly-hours.js';

const DEFAULTS = {
  settings: { minimumDeviation: 0.5, minimumRelativeDeviation: 0.2, sensitivity: 6, lowerBound: 0 },
  excluded: null,
};

function resolve(rules: readonly SettingsRule[], labels: Record<string, string>, defaults = DEFAULTS) {
  return resolveSeries(compileSettings({ falseAlarmsPerWeek: 1, rules }), labels, defaults);
}

describe('resolveSeries', () => {
  it('leaves a series alone that no rule matches', () => {
    const resolved = resolve([{ name: 'other', match: '{job="db"}', sensitivity: 2 }], { job: 'web' });
    expect(resolved).toEqual({ ...DEFAULTS, suppression: null, rules: [] });
  });

  it('lets the first rule that states a setting decide it, setting by setting', () => {
    const rules: SettingsRule[] = [
      { name: 'checkout', match: '{service="checkout"}', direction: 'above' },
      { name: 'web', match: '{job="web"}', direction: 'below', minimumDeviation: 3, sensitivity: 2 },
      { name: 'all', match: '', minimumDeviation: 9, minimumRelativeDeviation: 0 },
    ];
    const { settings, rules: used } = resolve(rules, { job: 'web', service: 'checkout' });
    expect(settings).toMatchObject({ direction: 'above', minimumDeviation: 3, minimumRelativeDeviation: 0 });
    expect(used).toEqual(['checkout', 'web', 'all']);
  });

  it('takes sensitivity as a multiplier: twice as sensitive is a band half as wide', () => {
    expect(resolve([{ name: 'a', match: '', sensitivity: 2 }], {}).settings.sensitivity).toBe(3);
    expect(resolve([{ name: 'a', match: '', sensitivity: 0.5 }], {}).settings.sensitivity).toBe(12);
  });

  it('reads a range with one end as open at the other', () => {
    const { settings } = resolve([{ name: 'a', match: 'up', dataRange: { lower: 1 } }], { __name__: 'up' });
    expect(settings.dataRange).toEqual({ lower: 1, upper: Infinity });
  });

  it('excludes with a reason, and takes an exclusion back', () => {
    const excluded = { ...DEFAULTS, excluded: 'by configuration' as string | null };
    const rules: SettingsRule[] = [
      { name: 'keep', match: '{env="prod"}', excluded: false },
      { name: 'drop', match: '{job="batch"}', excluded: { reason: 'runs at night' } },
    ];
    expect(resolve(rules, { job: 'batch' }).excluded).toBe('runs at night');
    expect(resolve(rules, { job: 'batch', env: 'prod' }).excluded).toBeNull();
    expect(
      resolveSeries(compileSettings({ falseAlarmsPerWeek: 1, rules }), { env: 'prod' }, excluded).excluded,
    ).toBeNull();
  });

  it('adds up maintenance windows of all matching rules, and shares them between series', () => {
    const window = (day: string, reason: string) =>
      ({ kind: 'once', from: `2026-03-${day}T00:00:00Z`, to: `2026-03-${day}T01:00:00Z`, reason }) as const;
    const compiled = compileSettings({
      falseAlarmsPerWeek: 1,
      rules: [
        { name: 'cluster', match: '{cluster="a"}', maintenance: [window('01', 'nodes')] },
        { name: 'db', match: '{job="db"}', maintenance: [window('02', 'vacuum')] },
      ],
    });
    const one = resolveSeries(compiled, { cluster: 'a', job: 'db', pod: '1' }, DEFAULTS);
    const two = resolveSeries(compiled, { cluster: 'a', job: 'db', pod: '2' }, DEFAULTS);
    expect(one.suppression).toBe(two.suppression);
    expect(one.suppression!.reasonAt(Date.UTC(2026, 2, 1, 0, 30))).toBe('maintenance: nodes');
    expect(one.suppression!.reasonAt(Date.UTC(2026, 2, 2, 0, 30))).toBe('maintenance: vacuum');
    expect(one.suppression!.reasonAt(Date.UTC(2026, 2, 2, 1, 0))).toBeNull();
  });
});

describe('weeklyHours', () => {
  const berlin: WeeklyHours = {
    timeZone: 'Europe/Berlin',
    weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
    from: '08:00',
    to: '18:00',
  };

  it('follows the clock on the wall through the year', () => {
    const within = weeklyHours(berlin);
    // Berlin is at UTC+1 on Monday 5 January 2026 and at UTC+2 on Monday 6 July 2026.
    expect(within(Date.UTC(2026, 0, 5, 6, 59, 59, 999))).toBe(false);
    expect(within(Date.UTC(2026, 0, 5, 7, 0))).toBe(true);
    expect(within(Date.UTC(2026, 0, 5, 16, 59, 59, 999))).toBe(true);
    expect(within(Date.UTC(2026, 0, 5, 17, 0))).toBe(false);
    expect(within(Date.UTC(2026, 6, 6, 6, 0))).toBe(true);
    expect(within(Date.UTC(2026, 6, 6, 5, 59))).toBe(false);
    expect(within(Date.UTC(2026, 0, 4, 12, 0)), 'a Sunday').toBe(false);
  });

  it('never comes to an hour that the clock skips, and twice to one that it repeats', () => {
    const night = weeklyHours({ ...berlin, weekdays: ['sun'], from: '02:00', to: '03:00' });
    const minutes = (day: number, month: number) =>
      Array.from({ length: 360 }, (_, i) => night(Date.UTC(2026, month, day, 0, i) - 3_600_000)).filter(Boolean).length;
    // Clocks go forward on Sunday 29 March 2026 and back on Sunday 25 October 2026.
    expect(minutes(22, 2)).toBe(60);
    expect(minutes(29, 2)).toBe(0);
    expect(minutes(25, 9)).toBe(120);
  });

  it('reaches over midnight from the day it begins on', () => {
    const within = weeklyHours({ timeZone: 'Asia/Kolkata', weekdays: ['sat'], from: '22:00', to: '02:00' });
    // Kolkata is at UTC+5:30; Saturday 7 March 2026 22:00 there is 16:30 UTC.
    expect(within(Date.UTC(2026, 2, 7, 16, 29))).toBe(false);
    expect(within(Date.UTC(2026, 2, 7, 16, 30))).toBe(true);
    expect(within(Date.UTC(2026, 2, 7, 20, 29))).toBe(true);
    expect(within(Date.UTC(2026, 2, 7, 20, 30))).toBe(false);
    expect(within(Date.UTC(2026, 2, 6, 19, 0)), 'the night before').toBe(false);
  });

  it('answers the same in any order of questions', () => {
    const times = Array.from({ length: 3_000 }, (_, i) => Date.UTC(2026, 2, 28) + i * 71 * 60_000);
    const forward = times.map(weeklyHours(berlin));
    const backward = [...times].reverse().map(weeklyHours(berlin)).reverse();
    expect(backward).toEqual(forward);
  });

  it('covers a whole day up to 24:00', () => {
    const within = weeklyHours({ timeZone: 'UTC', weekdays: ['wed'], from: '00:00', to: '24:00' });
    expect(within(Date.UTC(2026, 2, 4, 0, 0))).toBe(true);
    expect(within(Date.UTC(2026, 2, 4, 23, 59, 59))).toBe(true);
    expect(within(Date.UTC(2026, 2, 5, 0, 0))).toBe(false);
  });

  it('says itself in words', () => {
    expect(describeHours(berlin)).toBe('Monday to Friday 08:00 to 18:00 (Europe/Berlin)');
    expect(describeHours({ ...berlin, weekdays: ['sun', 'sat'] })).toBe(
      'Saturday, Sunday 08:00 to 18:00 (Europe/Berlin)',
    );
  });

  it('reads times of day', () => {
    expect(['00:00', '09:05', '24:00', '24:01', '9:00', '12:60'].map(minutesOf)).toEqual([0, 545, 1440, NaN, NaN, NaN]);
  });
});

describe('suppressionOf', () => {
  it('names the maintenance before the closed hours', () => {
    const hours: WeeklyHours = { timeZone: 'UTC', weekdays: ['mon'], from: '09:00', to: '10:00' };
    const suppression = suppressionOf(hours, [
      { kind: 'weekly', timeZone: 'UTC', weekdays: ['sun'], from: '03:00', to: '04:00', reason: 'backups' },
    ])!;
    expect(suppression.reasonAt(Date.UTC(2026, 2, 1, 3, 30))).toBe('maintenance: backups');
    expect(suppression.reasonAt(Date.UTC(2026, 2, 1, 5, 0))).toBe(
      'outside business hours: Monday 09:00 to 10:00 (UTC)',
    );
    expect(suppression.reasonAt(Date.UTC(2026, 2, 2, 9, 30))).toBeNull();
  });
});

describe('diffSettings', () => {
  it('names what changed, rule by rule', () => {
    const before = {
      falseAlarmsPerWeek: 1,
      rules: [
        { name: 'a', match: 'up', sensitivity: 2 },
        { name: 'b', match: '' },
        { name: 'c', match: '{job="x"}' },
      ],
    };
    const after = {
      falseAlarmsPerWeek: 2,
      rules: [
        { name: 'c', match: '{job="x"}' },
        { name: 'a', match: 'up', direction: 'above' as const },
        { name: 'd', match: '{job="y"}' },
      ],
    };
    expect(diffSettings(before, after)).toEqual([
      { path: 'falseAlarmsPerWeek', before: 1, after: 2 },
      { path: 'rules[b]', before: { name: 'b', match: '' } },
      { path: 'rules[a].sensitivity', before: 2, after: undefined },
      { path: 'rules[a].direction', before: undefined, after: 'above' },
      { path: 'rules[d]', after: { name: 'd', match: '{job="y"}' } },
      { path: 'order of rules', before: ['a', 'c'], after: ['c', 'a'] },
    ]);
    expect(diffSettings(after, after)).toEqual([]);
  });

  it('takes no notice of the order of keys', () => {
    const rule = (dataRange: object) => ({ falseAlarmsPerWeek: 1, rules: [{ name: 'a', match: '', dataRange }] });
    expect(diffSettings(rule({ lower: 1, upper: 2 }), rule({ upper: 2, lower: 1 }))).toEqual([]);
  });
});
