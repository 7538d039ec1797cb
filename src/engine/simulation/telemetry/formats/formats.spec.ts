import { describe, expect, it } from 'vitest';
import { counter, gauge, histogram } from '../families/family.js';
import type { FamilyDescriptor, ScrapeFrame } from '../telemetry.types.js';
import { formatDeployLine, formatEventLine, formatLogLine, writeJsonLinesBlock } from './json-lines.js';
import { formatBound } from './numbers.js';
import { writeOpenMetricsBlock } from './open-metrics-run.js';
import { writeOpenMetrics } from './open-metrics.js';
import { writePrometheusBlock } from './prometheus-run.js';
import { writePrometheusText } from './prometheus-text.js';
import { gatherBlocks, type RunBlock, type RunBlockOptions } from './run-block.js';

const REQUESTS = counter('http_requests_total', 'Total "requests".\nBy code \\ route.');
const COMMITS = counter('pg_stat_database_xact_commit', 'Commits');
const SECONDS = histogram('wait_seconds', 'Wait.');
const UP = gauge('up', 'Up.');

function seriesOf(family: FamilyDescriptor, labels: Record<string, string>, suffix = '') {
  return { labels: { __name__: family.name + suffix, ...labels }, family: family.name, metricType: family.type };
}

function frameOf(time: number, values: readonly number[], changes: Partial<ScrapeFrame> = {}): ScrapeFrame {
  return {
    time,
    families: [REQUESTS, COMMITS, SECONDS, UP],
    series: [
      seriesOf(REQUESTS, { code: '200', path: 'a"b\\c\nd' }),
      seriesOf(COMMITS, {}),
      seriesOf(SECONDS, { le: '0.5' }, '_bucket'),
      seriesOf(SECONDS, { le: '+Inf' }, '_bucket'),
      seriesOf(SECONDS, {}, '_count'),
      seriesOf(SECONDS, {}, '_sum'),
      seriesOf(UP, { job: 'web' }),
    ],
    started: [],
    ended: [],
    values: Float64Array.from(values),
    ...changes,
  };
}

function textOf(write: (sink: (chunk: string) => void) => void): string {
  let text = '';
  write((chunk) => (text += chunk));
  return text;
}

function blocksOf(frames: readonly ScrapeFrame[], options: RunBlockOptions = {}): RunBlock[] {
  const blocks: RunBlock[] = [];
  const gatherer = gatherBlocks((block) => blocks.push(block), options);
  for (const frame of frames) gatherer.add(frame);
  gatherer.end();
  return blocks;
}

describe('a single scrape', () => {
  it('is Prometheus text 0.0.4: help and label values escaped, no sample where there is none', () => {
    const frame = frameOf(1_000_500, [3, 7, 1, 2, 2, 0.75, NaN]);
    expect(textOf((write) => writePrometheusText(frame, write, { timestamps: true }))).toBe(
      [
        '# HELP http_requests_total Total "requests".\\nBy code \\\\ route.',
        '# TYPE http_requests_total counter',
        'http_requests_total{code="200",path="a\\"b\\\\c\\nd"} 3 1000500',
        '# HELP pg_stat_database_xact_commit Commits',
        '# TYPE pg_stat_database_xact_commit counter',
        'pg_stat_database_xact_commit 7 1000500',
        '# HELP wait_seconds Wait.',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{le="0.5"} 1 1000500',
        'wait_seconds_bucket{le="+Inf"} 2 1000500',
        'wait_seconds_count 2 1000500',
        'wait_seconds_sum 0.75 1000500',
        '',
      ].join('\n'),
    );
  });

  it('is OpenMetrics 1.0: counters without _total in their header, units, times in seconds, an end', () => {
    const frame = frameOf(1_000_500, [3, 7, 1, 2, 2, 0.75, 1]);
    expect(textOf((write) => writeOpenMetrics(frame, write, { timestamps: true }))).toBe(
      [
        '# TYPE http_requests counter',
        '# HELP http_requests Total \\"requests\\".\\nBy code \\\\ route.',
        'http_requests_total{code="200",path="a\\"b\\\\c\\nd"} 3 1000.5',
        '# TYPE pg_stat_database_xact_commit unknown',
        '# HELP pg_stat_database_xact_commit Commits',
        'pg_stat_database_xact_commit 7 1000.5',
        '# TYPE wait_seconds histogram',
        '# UNIT wait_seconds seconds',
        '# HELP wait_seconds Wait.',
        'wait_seconds_bucket{le="0.5"} 1 1000.5',
        'wait_seconds_bucket{le="+Inf"} 2 1000.5',
        'wait_seconds_count 2 1000.5',
        'wait_seconds_sum 0.75 1000.5',
        '# TYPE up gauge',
        '# HELP up Up.',
        'up{job="web"} 1 1000.5',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('leaves times to who scrapes', () => {
    const frame = frameOf(1_000_500, [3, NaN, NaN, NaN, NaN, NaN, 1]);
    expect(textOf((write) => writePrometheusText(frame, write))).toContain('up{job="web"} 1\n');
    expect(textOf((write) => writeOpenMetrics(frame, write))).toContain('up{job="web"} 1\n');
  });

  it('writes bounds as canonical numbers', () => {
    expect([0.005, 1, 2.5, 10, Infinity].map(formatBound)).toEqual(['0.005', '1.0', '2.5', '10.0', '+Inf']);
  });
});

describe('a run', () => {
  const frames = [
    frameOf(0, [1, 1, 0, 1, 1, 2, 1], { started: [0, 1, 2, 3, 4, 5, 6] }),
    frameOf(15_000, [2, 3, 1, 3, 3, 4.5, NaN]),
  ];

  it('keeps every series together and in the order of time, the points of a histogram whole', () => {
    const [block] = blocksOf(frames);
    expect(textOf((write) => writeOpenMetricsBlock(block!, write))).toBe(
      [
        '# TYPE http_requests counter',
        '# HELP http_requests Total \\"requests\\".\\nBy code \\\\ route.',
        'http_requests_total{code="200",path="a\\"b\\\\c\\nd"} 1 0',
        'http_requests_total{code="200",path="a\\"b\\\\c\\nd"} 2 15',
        '# TYPE pg_stat_database_xact_commit unknown',
        '# HELP pg_stat_database_xact_commit Commits',
        'pg_stat_database_xact_commit 1 0',
        'pg_stat_database_xact_commit 3 15',
        '# TYPE wait_seconds histogram',
        '# UNIT wait_seconds seconds',
        '# HELP wait_seconds Wait.',
        'wait_seconds_bucket{le="0.5"} 0 0',
        'wait_seconds_bucket{le="+Inf"} 1 0',
        'wait_seconds_count 1 0',
        'wait_seconds_sum 2 0',
        'wait_seconds_bucket{le="0.5"} 1 15',
        'wait_seconds_bucket{le="+Inf"} 3 15',
        'wait_seconds_count 3 15',
        'wait_seconds_sum 4.5 15',
        '# TYPE up gauge',
        '# HELP up Up.',
        'up{job="web"} 1 0',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('is one line per series for VictoriaMetrics', () => {
    const [block] = blocksOf(frames);
    const lines = textOf((write) => writeJsonLinesBlock(block!, write))
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(7);
    expect(JSON.parse(lines[0]!)).toEqual({
      metric: { __name__: 'http_requests_total', code: '200', path: 'a"b\\c\nd' },
      values: [1, 2],
      timestamps: [0, 15_000],
    });
    expect(JSON.parse(lines[6]!)).toEqual({ metric: { __name__: 'up', job: 'web' }, values: [1], timestamps: [0] });
  });

  it('is Prometheus text with times in milliseconds', () => {
    const [block] = blocksOf(frames);
    const text = textOf((write) => writePrometheusBlock(block!, write));
    expect(text).toContain('pg_stat_database_xact_commit 1 0\npg_stat_database_xact_commit 3 15000\n');
  });

  it('ends a block at its boundary of time, or when it is full', () => {
    const times = [0, 15_000, 30_000, 45_000].map((time, i) => frameOf(time, [i, i, i, i, i, i, i]));
    expect(blocksOf(times, { blockMs: 30_000 }).map((block) => block.times)).toEqual([
      [0, 15_000],
      [30_000, 45_000],
    ]);
    expect(blocksOf(times, { maxValues: 21 }).map((block) => block.times)).toEqual([[0, 15_000, 30_000], [45_000]]);
  });

  it('tells a slot given to another series from the one before it', () => {
    const first = frameOf(0, [1, 1, 0, 1, 1, 2, 5]);
    const series = [...first.series];
    series[6] = seriesOf(UP, { job: 'api' });
    const second = frameOf(15_000, [1, 1, 0, 1, 1, 2, 8], { series, ended: [6], started: [6] });
    const [block] = blocksOf([first, second]);
    const text = textOf((write) => writeOpenMetricsBlock(block!, write));
    expect(text).toContain('up{job="web"} 5 0\nup{job="api"} 8 15\n');
  });
});

describe('records as JSON lines', () => {
  it('holds the line as it was written', () => {
    const labels = { pod: 'web-1' };
    expect(JSON.parse(formatLogLine({ time: 0, severity: 'ERROR', line: '{"a":1}', labels }))).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      severity: 'ERROR',
      line: '{"a":1}',
      labels,
    });
  });

  it('is an Event of events.k8s.io/v1', () => {
    const place = { namespace: 'default', cluster: 'eu-1' };
    const event = { time: 0, type: 'Warning', reason: 'BackOff', kind: 'Pod', name: 'web-1', message: 'm' } as const;
    const parsed = JSON.parse(formatEventLine({ ...event, ...place })) as Record<string, unknown>;
    expect(parsed).toMatchObject({ apiVersion: 'events.k8s.io/v1', kind: 'Event', note: 'm', reason: 'BackOff' });
    expect(parsed['regarding']).toEqual({ apiVersion: 'v1', kind: 'Pod', name: 'web-1', namespace: 'default' });
  });

  it('is a CloudEvent by itself', () => {
    expect(formatDeployLine({ time: 0, cloudEvent: { specversion: '1.0' } })).toBe('{"specversion":"1.0"}\n');
  });
});
