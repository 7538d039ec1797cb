import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fixtureScenario } from '../../../../test/support/simulation/scenario-fixture.js';
import { buildReport } from '../../../engine/simulation/report/build-report.js';
import { createSimulation } from '../../../engine/simulation/simulation.js';
import type { SeriesDescriptor, ScrapeFrame } from '../../../engine/simulation/telemetry/telemetry.types.js';
import { METRIC_FORMATS } from './metric-formats.js';
import { OutputFolder } from './output-folder.js';
import { RunFiles } from './run-files.js';

let here: string;
beforeEach(() => (here = mkdtempSync(join(tmpdir(), 'dsim-files-'))));
afterEach(() => rmSync(here, { recursive: true, force: true }));

const START = Date.UTC(2026, 0, 5);
const UP: SeriesDescriptor = { labels: { __name__: 'up', job: 'web' }, family: 'up', metricType: 'gauge' };

function frame(time: number, value: number, started: readonly number[] = []): ScrapeFrame {
  const families = [{ name: 'up', type: 'gauge', help: 'It answers.', unit: '' }] as const;
  return { time, families, series: [UP], started, ended: [], values: Float64Array.of(value) };
}

/** Writes these scrapes in all formats and returns the files. */
function write(frames: readonly ScrapeFrame[]): (name: string) => string {
  const folder = new OutputFolder(join(here, 'out'), false);
  const files = new RunFiles(folder, METRIC_FORMATS);
  for (const one of frames) files.sink.scrape!(one);
  files.sink.log!({ time: START, severity: 'INFO', line: 'hello', labels: { pod: 'web-1' } });
  files.finish(buildReport(createSimulation(fixtureScenario())), null, 'dsim run shop.yaml --seed 7');
  return (name) => readFileSync(join(here, 'out', name), 'utf8');
}

it('writes scrapes of several blocks, each format in valid files', () => {
  const hours = [0, 1, 2, 3].map((hour) => frame(START + hour * 3_600_000, hour, hour === 0 ? [0] : []));
  const read = write(hours);
  const seconds = START / 1000;
  // OpenMetrics: a family once in a file.
  expect(readdirSync(join(here, 'out/openmetrics'))).toEqual(['0000.om', '0001.om']);
  for (const [file, first] of [
    ['openmetrics/0000.om', 0],
    ['openmetrics/0001.om', 2],
  ] as const) {
    expect(read(file)).toBe(
      `# TYPE up gauge\n# HELP up It answers.\nup{job="web"} ${first} ${seconds + first * 3600}\nup{job="web"} ${first + 1} ${seconds + (first + 1) * 3600}\n# EOF\n`,
    );
  }
  expect(read('metrics.prom').match(/^up.*$/gm)).toHaveLength(4);
  const lines = read('metrics.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(JSON.parse(read('metrics.json'))).toEqual(lines);
  expect(lines[0]).toEqual({ metric: UP.labels, values: [0, 1], timestamps: [START, START + 3_600_000] });
});

it('writes valid files where nothing was scraped', () => {
  const read = write([]);
  expect(JSON.parse(read('metrics.json'))).toEqual([]);
  expect(readdirSync(join(here, 'out/openmetrics'))).toEqual([]);
  expect(JSON.parse(read('logs.jsonl'))).toMatchObject({ line: 'hello', severity: 'INFO' });
  expect(readdirSync(join(here, 'out'))).toContain('ground-truth.json');
  expect(read('README.txt')).toContain('promtool tsdb create-blocks-from openmetrics "$file" data');
  expect(read('README.txt')).toContain('\n           dsim run shop.yaml --seed 7\n');
});
