import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/engine/simulation/report/report.types.js';
import { eventually } from '../support/eventually.js';
import { DsimProcess, hashesOf } from '../support/simulation/dsim-process.js';
import { SMALL_SHOP } from '../support/simulation/small-shop.js';

let here: string;

beforeAll(async () => {
  // The first one may have to build.
  const { code } = await DsimProcess.run(['--version']);
  expect(code).toBe(0);
});
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), 'dsim-e2e-'));
  write('small-shop.yaml', SMALL_SHOP);
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
    expect(stdout).toMatch(/^A small shop, 12 min simulated in .* fluid, seed 42\n/);
    for (const line of ['users/s', 'p99', 'errors', 'pods', 'USD/hour', 'faults', 'harm']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${line} +[▁▂▃▄▅▆▇█━▀ ]+`, 'm'));
    }
    expect(stdout).toMatch(/^ +╵08:00 +╵08:02 .*╵08:10$/m);
    expect(stdout).toMatch(/^ {2}shoppers {2}2\d,\d{3} requests {2}16\.\d+ % failed {2}.* p99/m);
    expect(stdout).toMatch(/✗ home-fast {2}99 % good within 500 ms {2}.* of budget {2}2 min( \d+ s)? of harm, once/);
    expect(stdout).toContain('● outage (dependency-down, store db): Mon 05 Jan 08:04, for 2 min\n');
    expect(stdout).toMatch(/users harmed after \d+ s: 3,\d{3} bad requests of home-fast/);
    expect(stdout).toMatch(/moved first:\n +\+\d+ s .* instead of .* http_client_requests_total\{/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).not.toContain('\x1b');
  });

  it('answers by the expectations', async () => {
    const expecting = (name: string, text: string) => write(name, `${SMALL_SHOP}expect:\n  - ${text}\n`);
    const [met, failed, unknown, watched] = await Promise.all([
      run(expecting('met.yaml', '{ cost: at most 1 }'), '-q'),
      run(expecting('failed.yaml', '{ cost: at most 0.01 }')),
      run(expecting('unknown.yaml', '{ fault: outage, detection: at most 1m }'), '--no-watch'),
      run(expecting('watched.yaml', '{ fault: outage, detection: at most 1m }')),
    ]);
    expect(met).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('✗ cost of nodes: at most 0.01 USD, but it was 0.12 USD');
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toContain('nothing watched this run for faults');
    expect(unknown.stdout).toContain('1 unknown (which does not pass)');
    expect(watched.code).toBe(0);
    expect(watched.stdout).toMatch(/users harmed after .*; detected \d+ s after that/);
    expect(watched.stdout).toMatch(/✓ detection of outage: at most 60 s; it was \d+ s/);
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
      'metrics.prom',
      'openmetrics',
      'report.json',
    ]);
    const text = (name: string) => readFileSync(join(here, 'out', name), 'utf8');
    expect(readdirSync(join(here, 'out/openmetrics'))).toEqual(['0000.om']);
    expect(text('openmetrics/0000.om').endsWith('\n# EOF\n')).toBe(true);
    expect(text('openmetrics/0000.om')).toMatch(/^http_requests_total\{/m);
    expect(text('metrics.prom')).toMatch(/^http_requests_total\{/m);
    const series = JSON.parse(text('metrics.json')) as { metric: { __name__: string }; values: number[] }[];
    expect(series.some(({ metric }) => metric.__name__ === 'http_requests_total')).toBe(true);
    expect(text('metrics.jsonl').trimEnd().split('\n')).toHaveLength(series.length);
    expect(text('README.txt')).toContain('\n           dsim run small-shop.yaml --seed 42 --solver fluid\n');
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
    expect(existsSync(join(here, 'out/openmetrics'))).toBe(false);
  });

  it('takes settings from the command line', async () => {
    const args = ['small-shop.yaml', '--json', '--set', 'load.shoppers.rate=60', '--hours', '0.1'];
    const { stdout } = await run(...args, '--set', 'faults[outage].for=1m');
    const { run: facts, entryPoints } = JSON.parse(stdout) as RunReport;
    expect(facts.seconds).toBe(360);
    expect(entryPoints[0]!.meanRate).toBeGreaterThan(50);
  });

  it('refuses with one sentence and exit code 2', async () => {
    const [option, file, scenario] = await Promise.all([
      run('small-shop.yaml', '--solver', 'magic'),
      run('small-shop.yml'),
      run(write('bad.yaml', SMALL_SHOP.replace('store: db }', 'store: bd }'))),
    ]);
    expect(option).toMatchObject({ code: 2, stdout: '' });
    expect(file).toMatchObject({ code: 2, stderr: 'There is no file small-shop.yml.\n' });
    expect(scenario.code).toBe(2);
    expect(scenario.stderr).toMatch(/bad\.yaml:\d+:\d+: faults\[0\].*bd/);
    expect(scenario.stderr).not.toContain('\n    at ');
  });
});

describe('the same seed', () => {
  it.each(['fluid', 'discrete-event'])('gives the same bytes in two processes with the %s solver', async (solver) => {
    const args = ['small-shop.yaml', '--solver', solver, '--format', 'openmetrics,prom,jsonl,json', '--json'];
    const [a, b, other] = await Promise.all(
      [
        ['a', '42'],
        ['b', '42'],
        ['c', '43'],
      ].map(([name, seed]) => run(...args, '--out', name!, '--junit', `${name}.xml`, '--seed', seed!)),
    );
    expect(a).toMatchObject({ code: 0, stderr: '' });
    expect(b!.stdout).toBe(a!.stdout);
    const [first, second, different] = ['a', 'b', 'c'].map((name) => hashesOf(join(here, name)));
    expect(second).toEqual(first);
    expect(Object.keys(first!)).toHaveLength(10);
    expect(readFileSync(join(here, 'b.xml'), 'utf8')).toBe(readFileSync(join(here, 'a.xml'), 'utf8'));
    expect(other!.stdout).not.toBe(a!.stdout);
    // A deploy is at the time that the scenario says, whatever the seed.
    for (const name of Object.keys(first!).filter((file) => file !== 'deploys.jsonl'))
      expect(different![name], name).not.toBe(first![name]);
  });

  it('gives the same metrics whether or not the ground truth is looked for', async () => {
    const args = ['small-shop.yaml', '-q', '--format', 'openmetrics'];
    await Promise.all([run(...args, '--out', 'a'), run(...args, '--out', 'b', '--no-ground-truth')]);
    const { ['ground-truth.json']: withIt, ['README.txt']: _with, ...a } = hashesOf(join(here, 'a'));
    const { ['ground-truth.json']: without, ['README.txt']: _without, ...b } = hashesOf(join(here, 'b'));
    expect(b).toEqual(a);
    expect(without).not.toBe(withIt);
  });
});

/** Starts a run that would take minutes, and comes back when its first metrics are on the disk. */
async function startLongRun(): Promise<DsimProcess> {
  const args = ['run', 'small-shop.yaml', '--duration', '60d', '--out', 'out', '--format', 'openmetrics'];
  const run = DsimProcess.start(args, here);
  // Its files stand beside the folder until they are whole.
  await eventually('the first metrics', () => {
    const draft = readdirSync(here).find((name) => name.startsWith('.dsim-'));
    return draft !== undefined && (hasFiles(join(here, draft, 'openmetrics')) || run.child.exitCode !== null);
  });
  return run;
}

function hasFiles(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).length > 0;
}

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends the run with %d, and with files that are whole', async (signal, expected) => {
    const { child, finished } = await startLongRun();
    child.kill(signal);
    const { code, stdout, stderr } = await finished;
    expect(code).toBe(expected);
    expect(stderr).toMatch(/^Broken off after [\d dhmins]+ of 60 d. What happened until then is in out.\n$/);
    expect(stdout).toContain('A small shop');
    expect(readdirSync(here).sort()).toEqual(['out', 'small-shop.yaml']);
    const { run: facts } = report('out');
    expect(facts).toMatchObject({ complete: false, planned: 5_184_000 });
    const blocks = readdirSync(join(here, 'out/openmetrics')).sort();
    const texts = blocks.map((name) => readFileSync(join(here, 'out/openmetrics', name), 'utf8'));
    for (const text of texts) expect(text.endsWith('\n# EOF\n')).toBe(true);
    // What was scraped last is there too.
    const last = Date.parse(facts.start) / 1000 + Math.floor(facts.seconds / 15) * 15;
    expect(texts.at(-1)).toMatch(new RegExp(`^up\\{.* ${last}$`, 'm'));
    for (const line of readFileSync(join(here, 'out/logs.jsonl'), 'utf8').trimEnd().split('\n')) JSON.parse(line);
  });

  it('that comes again ends it at once, and leaves nothing', async () => {
    const { child, finished } = await startLongRun();
    // Both are there when it looks for the first time, the second too late to be the echo of the first.
    child.kill('SIGTERM');
    child.kill('SIGSTOP');
    await sleep(700);
    child.kill('SIGINT');
    child.kill('SIGCONT');
    expect([130, 143]).toContain((await finished).code);
    expect(readdirSync(here).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('where it is called', () => {
  it('reads standard input as the file -', async () => {
    const [good, bad] = await Promise.all([
      DsimProcess.run(['validate', '-'], here, { input: SMALL_SHOP }),
      DsimProcess.run(['run', '-'], here, { input: SMALL_SHOP.replace('replicas: 2', 'replcas: 2') }),
    ]);
    expect([good.code, good.stdout]).toEqual([0, '✓ -: A small shop\n']);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('stdin:13:5: services.web.replcas: unknown key; did you mean "replicas"?');
  });

  it('runs a copy of a scenario of the library anywhere, with its own files first', async () => {
    const other = mkdtempSync(join(tmpdir(), 'dsim-elsewhere-'));
    try {
      mkdirSync(join(here, 'fleets'));
      write('fleets/mine.yaml', 'services: { web: { replicas: 7 } }\n');
      const copy = 'dsim: 1\ninclude: [fleets/shop.yaml, fleets/mine.yaml]\nstart: 2026-01-05T08:00\nduration: 1m\n';
      const { code, stdout } = await DsimProcess.run(['explain', write('copy.yaml', copy)], other);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^ {2}web +7 pods in shop-eu/m);
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  it('takes what is no scenario for what it is', async () => {
    writeFileSync(join(here, 'core'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]));
    mkdirSync(join(here, 'dir.yaml'));
    write('empty.yaml', '');
    const { code, stderr } = await DsimProcess.run(['validate', 'core', 'dir.yaml', 'empty.yaml', 'none.yaml'], here);
    expect(code).toBe(2);
    expect(stderr.split('\n')).toEqual([
      'core cannot be read: it is not text in UTF-8.',
      'dir.yaml is a folder. Name a file in it.',
      'empty.yaml:1:1: is empty; a scenario starts with `dsim: 1`',
      'There is no file none.yaml.',
      '4 of 4 scenarios invalid',
      '',
    ]);
  });

  it('fits into the screen, and colours only where it is asked to', async () => {
    const [narrow, coloured] = await Promise.all([
      DsimProcess.run(['run', 'small-shop.yaml'], here, { env: { COLUMNS: '40' } }),
      DsimProcess.run(['list'], here, { env: { FORCE_COLOR: '1' } }),
    ]);
    expect(Math.max(...narrow.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(coloured.stdout).toContain('\x1b[1mblack-friday');
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
    const [explained, { stdout }] = await Promise.all([
      DsimProcess.run(['explain', 'small-shop.yaml', '--seed', '5'], here),
      run('small-shop.yaml', '--seed', '5', '--json'),
    ]);
    const mean = Number(/mean ([\d.]+)\/s/.exec(explained.stdout)![1]);
    expect((JSON.parse(stdout) as RunReport).entryPoints[0]!.meanRate).toBeCloseTo(mean, 0);
  });

  it('schema is JSON Schema, and scenarios of the library fit its top level', async () => {
    const { code, stdout } = await DsimProcess.run(['schema']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { properties: object }).properties).toHaveProperty('faults');
  });

  it('a reader that stops reading is no failure, and changes no verdict', async () => {
    const file = write('e.yaml', `${SMALL_SHOP}expect:\n  - { cost: at most 0.01 }\n`);
    const started = [
      ['list', '--faults', '--json'],
      ['run', file, '--json'],
    ].map((args) => DsimProcess.start(args));
    for (const { child } of started) child.stdout!.destroy();
    const [listing, failing] = await Promise.all(started.map(({ finished }) => finished));
    expect(listing).toMatchObject({ code: 0, stderr: '' });
    expect(failing).toMatchObject({ code: 1, stderr: '' });
  });
});
