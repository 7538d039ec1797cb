import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/engine/simulation/report/report.types.js';
import { eventually } from '../support/eventually.js';
import { DsimProcess, hashesOf } from '../support/simulation/dsim-process.js';

/** Twelve minutes of a small shop whose database is down for two of them. */
const SCENARIO = `dsim: 1
name: small-shop
title: A small shop
teaches: What a database outage does to users.
start: 2026-01-05T08:00
timeZone: Europe/Berlin
duration: 12m
platform:
  regions: { eu: { cloud: aws } }
  clusters: { eu-1: { nodePools: { general: { nodes: 2, price: 0.3 } } } }
services:
  web:
    replicas: 2
    operations:
      home:
        route: GET /
        work: { mean: 8ms, p99: 40ms }
        calls: [{ call: db.read, timeout: 200ms }]
stores:
  db: { kind: database, read: 2ms, write: 5ms }
load:
  shoppers:
    to: web.home
    rate: 30
    shape: [{ noise: { cv: 10%, correlation: 1m } }]
faults:
  - { name: outage, kind: dependency-down, target: { store: db }, at: 4m, for: 2m }
changes:
  - { at: 8m, deploy: { service: web, version: '1.1.0' } }
slos:
  - { name: home-fast, entry: shoppers, objective: 99%, latency: 500ms }
`;

let here: string;

beforeAll(async () => {
  // The first one may have to build.
  const { code } = await DsimProcess.run(['--version']);
  expect(code).toBe(0);
});
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), 'dsim-e2e-'));
  write('small-shop.yaml', SCENARIO);
});
afterEach(() => rmSync(here, { recursive: true, force: true }));

function write(name: string, text: string): string {
  writeFileSync(join(here, name), text);
  return join(here, name);
}

const run = (...args: readonly string[]) => DsimProcess.run(['run', ...args], here);
const report = (folder: string) => JSON.parse(readFileSync(join(here, folder, 'report.json'), 'utf8')) as RunReport;

describe('dsim run', () => {
  it('says what happened, in plain text where nobody looks', async () => {
    const { code, stdout, stderr } = await run('small-shop.yaml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^A small shop {2}12 min simulated in .* fluid, seed 42\n/);
    for (const line of ['users/s', 'p99', 'errors', 'pods', 'USD/hour', 'faults', 'harm']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${line} +[▁▂▃▄▅▆▇█━▀ ]+`, 'm'));
    }
    expect(stdout).toMatch(/✗ home-fast: 99 % good within 500 ms; .* harm for 2 min/);
    expect(stdout).toMatch(/outage \(dependency-down, store db\): Mon 05 Jan 08:04, for 2 min; users harmed after/);
    expect(stdout).not.toContain('\x1b');
  });

  it('answers by the expectations', async () => {
    const expecting = (text: string) => write('e.yaml', `${SCENARIO}expect:\n  - ${text}\n`);
    expect(await run(expecting('{ cost: at most 1 }'), '-q')).toEqual({ code: 0, stdout: '', stderr: '' });
    const failed = await run(expecting('{ cost: at most 0.01 }'));
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('✗ cost of nodes: at most 0.01 USD; 0.12 USD, at most 0.01 USD was expected');
    const unknown = await run(expecting('{ fault: outage, detection: at most 1m }'));
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toContain('nothing watched this run for faults');
    expect(unknown.stdout).toContain('1 unknown (which does not pass)');
  });

  it('prints the report as JSON', async () => {
    const { code, stdout } = await run('small-shop.yaml', '--json', '--seed', '7');
    expect(code).toBe(0);
    const { run: facts, faults, entryPoints } = JSON.parse(stdout) as RunReport;
    expect(facts).toMatchObject({ seed: 7, solver: 'fluid', seconds: 720, complete: true });
    expect(facts.start).toBe('2026-01-05T07:00:00.000Z');
    expect(faults).toMatchObject([{ name: 'outage', from: 240, to: 360 }]);
    // 30 a second for 720 seconds, less what the noise makes of it.
    expect(entryPoints[0]!.offered).toBeGreaterThan(18_000);
    expect(entryPoints[0]!.offered).toBeLessThan(25_000);
  });

  it('writes what it is asked for, and refuses to write over it', async () => {
    const args = ['small-shop.yaml', '-q', '--out', 'out', '--junit', 'results.xml'];
    const formats = ['openmetrics', 'prom', 'jsonl', 'json'].flatMap((format) => ['--format', format]);
    expect(await run(...args, ...formats)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(here, 'out')).sort()).toEqual([
      'README.txt',
      'deploys.jsonl',
      'events.jsonl',
      'ground-truth.json',
      'logs.jsonl',
      'metrics.json',
      'metrics.jsonl',
      'metrics.om',
      'metrics.prom',
      'report.json',
    ]);
    const text = (name: string) => readFileSync(join(here, 'out', name), 'utf8');
    expect(text('metrics.om').endsWith('\n# EOF\n')).toBe(true);
    expect(text('metrics.om')).toMatch(/^http_requests_total\{/m);
    expect(text('deploys.jsonl')).toContain('1.1.0');
    expect(text('events.jsonl')).toContain('ScalingReplicaSet');
    const [fault] = (
      JSON.parse(text('ground-truth.json')) as { faults: { touched: { series: string; at: number }[] }[] }
    ).faults;
    expect(fault!.touched.length).toBeGreaterThan(0);
    expect(fault!.touched.every(({ at }) => at >= 240)).toBe(true);
    expect(readFileSync(join(here, 'results.xml'), 'utf8')).toContain('<testsuite name="small-shop" tests="0"');

    const again = await run(...args);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('out is not empty');
    expect(await run(...args, '--force')).toMatchObject({ code: 0 });
    expect(existsSync(join(here, 'out/metrics.om'))).toBe(false);
  });

  it('takes settings from the command line', async () => {
    const args = ['small-shop.yaml', '--json', '--set', 'load.shoppers.rate=60', '--hours', '0.1'];
    const { stdout } = await run(...args, '--set', 'faults[outage].for=1m');
    const { run: facts, entryPoints } = JSON.parse(stdout) as RunReport;
    expect(facts.seconds).toBe(360);
    expect(entryPoints[0]!.meanRate).toBeGreaterThan(50);
  });

  it('refuses with one sentence and exit code 2', async () => {
    expect(await run('small-shop.yaml', '--solver', 'magic')).toMatchObject({ code: 2, stdout: '' });
    expect(await run('small-shop.yml')).toMatchObject({ code: 2, stderr: 'There is no file small-shop.yml.\n' });
    const bad = await run(write('bad.yaml', SCENARIO.replace('store: db }', 'store: bd }')));
    expect(bad.code).toBe(2);
    expect(bad.stderr).toMatch(/bad\.yaml:\d+:\d+: faults\[0\].*bd/);
    expect(bad.stderr).not.toContain('\n    at ');
  });
});

describe('the same seed', () => {
  it.each(['fluid', 'discrete-event'])('gives the same bytes in two processes with the %s solver', async (solver) => {
    const args = ['small-shop.yaml', '--solver', solver, '--format', 'openmetrics', '--format', 'json', '--json'];
    const [a, b, other] = await Promise.all(
      [
        ['a', '42'],
        ['b', '42'],
        ['c', '43'],
      ].map(([name, seed]) => run(...args, '--out', name!, '--junit', `${name}.xml`, '--seed', seed!)),
    );
    expect(a).toMatchObject({ code: 0, stderr: '' });
    expect(b!.stdout).toBe(a!.stdout);
    expect(hashesOf(join(here, 'b'))).toEqual(hashesOf(join(here, 'a')));
    expect(readFileSync(join(here, 'b.xml'), 'utf8')).toBe(readFileSync(join(here, 'a.xml'), 'utf8'));
    expect(other!.stdout).not.toBe(a!.stdout);
    const [first, different] = [hashesOf(join(here, 'a')), hashesOf(join(here, 'c'))];
    for (const name of ['metrics.om', 'metrics.json', 'logs.jsonl']) expect(different[name]).not.toBe(first[name]);
  });

  it('gives the same metrics whether or not the ground truth is looked for', async () => {
    const args = ['small-shop.yaml', '-q', '--format', 'openmetrics'];
    await Promise.all([run(...args, '--out', 'a'), run(...args, '--out', 'b', '--no-ground-truth')]);
    const { ['ground-truth.json']: withIt, ...a } = hashesOf(join(here, 'a'));
    const { ['ground-truth.json']: without, ...b } = hashesOf(join(here, 'b'));
    expect(b).toEqual(a);
    expect(without).not.toBe(withIt);
  });
});

describe('Ctrl-C', () => {
  it('ends the run with 130, and with files that are whole', async () => {
    const args = ['run', 'small-shop.yaml', '--duration', '60d', '--out', 'out', '--format', 'openmetrics'];
    const { child, finished } = DsimProcess.start(args, here);
    try {
      // Its files stand beside the folder until they are whole.
      await eventually('the first metrics', () => {
        const draft = readdirSync(here).find((name) => name.startsWith('.out.'));
        return draft !== undefined && statSync(join(here, draft, 'metrics.om')).size > 0;
      });
    } finally {
      child.kill('SIGINT');
    }
    const { code, stdout, stderr } = await finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(
      /^Broken off after \d+ of 5184000 simulated seconds. What happened until then is in out.\n$/,
    );
    expect(stdout).toContain('A small shop');
    expect(readdirSync(here).sort()).toEqual(['out', 'small-shop.yaml']);
    const { run: facts } = report('out');
    expect(facts).toMatchObject({ complete: false, planned: 5_184_000 });
    const metrics = readFileSync(join(here, 'out/metrics.om'), 'utf8');
    expect(metrics.endsWith('\n# EOF\n')).toBe(true);
    // What was scraped last is there too.
    const last = Date.parse(facts.start) / 1000 + Math.floor(facts.seconds / 15) * 15;
    expect(metrics).toMatch(new RegExp(`^up\\{.* ${last}$`, 'm'));
    for (const line of readFileSync(join(here, 'out/logs.jsonl'), 'utf8').trimEnd().split('\n')) JSON.parse(line);
  });
});

describe('the other commands', () => {
  it('validate reads the whole library', async () => {
    const { stdout: list } = await DsimProcess.run(['list', '--json']);
    const names = (JSON.parse(list) as { name: string; teaches: string }[]).map(({ name }) => name);
    expect(names).toContain('black-friday');
    const { code, stdout, stderr } = await DsimProcess.run(['validate', ...names]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(names.length);
  });

  it('explain tells what will happen when', async () => {
    const { code, stdout } = await DsimProcess.run(['explain', 'small-shop.yaml'], here);
    expect(code).toBe(0);
    expect(stdout).toContain('Mon 05 Jan 08:00 to Mon 05 Jan 08:12 (Europe/Berlin), 12 min, seed 42');
    expect(stdout).toMatch(/Mon 05 Jan 08:04 {2}\+00:04:00 {2}fault outage: dependency down, store db/);
    expect(stdout).toMatch(/Mon 05 Jan 08:08 {2}\+00:08:00 {2}deploy web 1\.1\.0/);
    expect(stdout).toContain('users (shoppers): web.home\n    db.read (within 200 ms)');
    expect(stdout).toContain('0.60 USD/hour');
    expect(stdout).toContain('SLO home-fast: 99 % of shoppers answered without error within 500 ms');
  });

  it('explain knows the load of the run to come', async () => {
    const explained = await DsimProcess.run(['explain', 'small-shop.yaml', '--seed', '5'], here);
    const mean = Number(/mean ([\d.]+)\/s/.exec(explained.stdout)![1]);
    const { stdout } = await run('small-shop.yaml', '--seed', '5', '--json');
    expect((JSON.parse(stdout) as RunReport).entryPoints[0]!.meanRate).toBeCloseTo(mean, 0);
  });

  it('schema is JSON Schema, and scenarios of the library fit its top level', async () => {
    const { code, stdout } = await DsimProcess.run(['schema']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { properties: object }).properties).toHaveProperty('faults');
  });

  it('a reader that stops reading is no failure', async () => {
    const { child, finished } = DsimProcess.start(['list', '--faults', '--json']);
    child.stdout!.destroy();
    expect(await finished).toMatchObject({ code: 0, stderr: '' });
  });
});
