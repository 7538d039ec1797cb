import { describe, expect, it } from 'vitest';
import { checkOverlap, readCsvSeries, readCsvWindows } from './read-csv.js';

describe('series in CSV', () => {
  it('are columns over time, with gaps', () => {
    const text = 'time,latency,jobs_total\n2026-09-15T00:00:00Z,1.5,\n2026-09-15 00:01:00,,7\n1789430520,2,NaN\n';
    const { times, stepMs, series } = readCsvSeries('a.csv', text);
    expect([...times]).toEqual([0, 60_000, 120_000].map((ms) => Date.UTC(2026, 8, 15) + ms));
    expect(stepMs).toBe(60_000);
    expect(series.map(({ series: { labels } }) => labels.__name__)).toEqual(['latency', 'jobs_total']);
    expect([...series[0]!.values, ...series[1]!.values]).toEqual([1.5, NaN, 2, NaN, 7, NaN]);
  });

  it('may have quoted cells, as exports of Grafana have', () => {
    const text = '"Time","{job=""web"", code=""500""}",a\n0,"1.5",2\n60,,"3"\n120, 4 ,5\n';
    const { series } = readCsvSeries('a.csv', text);
    expect(series.map(({ series: { labels } }) => labels.__name__)).toEqual(['{job="web", code="500"}', 'a']);
    expect(series.map(({ values }) => [...values])).toEqual([
      [1.5, NaN, 4],
      [2, 3, 5],
    ]);
  });

  it('may have labels, as Prometheus prints them', () => {
    const text = 'time,"up{job=""a\\""b"",code=""5\\\\"",}",up{},"up{job=web}"\n0,1,2,3\n1,1,2,3\n2,1,2,3\n';
    expect(readCsvSeries('a.csv', text).series.map(({ series: { labels } }) => labels)).toEqual([
      { __name__: 'up', job: 'a"b', code: '5\\' },
      { __name__: 'up' },
      { __name__: 'up{job=web}' },
    ]);
  });

  it.each([
    ['time,a,b,a\n0,1,2,3\n', 'a.csv:1:4: is a, the same series as column 2.'],
    ['time;a\n0;1\n', 'Columns are separated by commas.'],
    ['time\n1\n', 'a.csv:1:1: needs a column'],
    ['time,a\n0,1\n60,x\n120,3\n', 'a.csv:3:2: "x" is no number.'],
    ['time,a\nsoon,1\n', 'a.csv:2:1: "soon" is no time'],
    ['time,a\n60,1\n60,2\n', 'a.csv:3:1: times must rise'],
    ['time,a\n60,1,2\n', 'a.csv:2:3: has 3 cells, and the head 2'],
    ['time,a\n60,1\n', 'has 1 rows'],
  ])('that are wrong name file, line and column: %j', (text, message) => {
    expect(() => readCsvSeries('a.csv', text)).toThrow(message);
  });
});

describe('windows in CSV', () => {
  it('are stretches; the harm is known or the start', () => {
    const text = 'from,to,kind,harm\n60,120,outage,90\n300,400,,\n';
    expect(readCsvWindows('w.csv', text)).toMatchObject([
      { kind: 'outage', from: 60_000, to: 120_000, harmedAt: 90_000, services: null },
      { kind: 'window', from: 300_000, to: 400_000, harmedAt: 300_000 },
    ]);
  });

  it('may name the services on which they can show', () => {
    const text = 'from,to,services\n60,120,web  cart\n300,400,\n';
    expect(readCsvWindows('w.csv', text).map(({ services }) => services)).toEqual([['web', 'cart'], null]);
  });

  it('must touch the series, if there are any', () => {
    const recording = { times: Float64Array.from([0, 60_000, 120_000]) };
    expect(() => checkOverlap('w.csv', [{ from: 200_000, to: 300_000 }], recording)).toThrow(
      'w.csv: no stretch lies within the series, which go from 1970-01-01T00:00:00Z to 1970-01-01T00:02:00Z.',
    );
    const touching = { from: 90_000, to: 300_000 };
    expect(() => checkOverlap('w.csv', [{ from: 200_000, to: 300_000 }, touching], recording)).not.toThrow();
    expect(() => checkOverlap('w.csv', [], recording)).not.toThrow();
  });

  it.each([
    ['start,end\n1,2\n', 'needs the columns from and to, and has start, end.'],
    ['from,to\n9,5\n', 'w.csv:2:2: ends before it begins.'],
  ])('that are wrong say so: %j', (text, message) => {
    expect(() => readCsvWindows('w.csv', text)).toThrow(message);
  });
});
