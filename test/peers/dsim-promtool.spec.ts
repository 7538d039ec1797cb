import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunReport } from '../../src/engine/simulation/report/report.types.js';
import { freePort } from '../support/embedded-server.js';
import { ask } from '../support/http-client.js';
import { describePeer, type PeerProcess, startPeer } from '../support/peers.js';
import { DsimProcess } from '../support/simulation/dsim-process.js';
import { SMALL_SHOP } from '../support/simulation/small-shop.js';

const HOURS = 26;

/** Follows README.txt of the folder word by word; only the port is another. */
describePeer(['promtool', 'prometheus'], 'what dsim writes, in a real Prometheus', (binary) => {
  let folder: string;
  let out: string;
  let readme: string;
  let report: RunReport;
  let prometheus: PeerProcess | undefined;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dsim-test-readme-'));
    out = join(folder, 'out');
    // Without the deploy: counters of pods that are gone end with them.
    writeFileSync(join(folder, 'small-shop.yaml'), SMALL_SHOP.replace(/^changes:\n.*\n/m, ''));
    const args = ['run', 'small-shop.yaml', '-q', '--hours', String(HOURS), '--set', 'telemetry.scrapeInterval=1m'];
    const { code, stderr } = await DsimProcess.run([...args, '--out', 'out', '--format', 'openmetrics'], folder);
    expect({ code, stderr: stderr.replace(/^(Building|  ).*\n/gm, '') }).toEqual({ code: 0, stderr: '' });
    readme = readFileSync(join(out, 'README.txt'), 'utf8');
    report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as RunReport;

    shell(lineWith('create-blocks-from openmetrics'));
    shell(lineWith('> prometheus.yml'));
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    const [program, ...flags] = lineWith('prometheus --config.file').split(' ');
    expect(program).toBe('prometheus');
    // It is started from another folder.
    const absolute = flags.map((flag) => flag.replace(/=(prometheus\.yml|data)$/, `=${out}/$1`));
    prometheus = await startPeer(
      binary('prometheus'),
      [...absolute, `--web.listen-address=${address}`],
      async () => (await ask(`${url}/-/ready`)).status === 200,
    );
  });
  afterAll(async () => {
    await prometheus?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function lineWith(text: string): string {
    const line = readme.split('\n').find((candidate) => candidate.includes(text));
    if (line === undefined) throw new Error(`README.txt has no line with "${text}"`);
    return line.trim();
  }

  function shell(command: string): string {
    const path = [dirname(binary('promtool')), dirname(binary('prometheus')), process.env['PATH']].join(delimiter);
    return execFileSync('sh', ['-ec', command], {
      cwd: out,
      encoding: 'utf8',
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function query(expression: string, seconds: number): Promise<number> {
    const time = Date.parse(report.run.start) / 1000 + seconds;
    const { body } = await ask<{ data: { result: { value: [number, string] }[] } }>(
      `${url}/api/v1/query?query=${encodeURIComponent(expression)}&time=${time}`,
    );
    return Number(body.data.result[0]?.value[1] ?? NaN);
  }

  it('makes a block of each file, for two hours or less', () => {
    const files = readdirSync(join(out, 'openmetrics'));
    // The run begins at 07:00 in UTC, blocks at even hours.
    expect(files).toHaveLength(HOURS / 2 + 1);
    const listed = execFileSync(binary('promtool'), ['tsdb', 'list', join(out, 'data')], { encoding: 'utf8' });
    expect(listed.trim().split('\n').slice(1)).toHaveLength(files.length);
  });

  it('has every request of the run', async () => {
    const [entry] = report.entryPoints;
    const all = await query('sum(http_requests_total{service="web"})', HOURS * 3600);
    // Users whose request fails on the way, or waits at the end, are the difference; here are none and few.
    expect(Math.abs(all - (entry!.answered + entry!.failed))).toBeLessThan(5);
    expect(all).toBeGreaterThan(2_000_000);
  });

  it('shows the fault, when it was and not before', async () => {
    const errors =
      'sum(rate(http_requests_total{service="web",code=~"5.."}[2m])) / sum(rate(http_requests_total{service="web"}[2m]))';
    expect(await query(errors, 240)).toBeLessThan(0.01);
    expect(await query(errors, 360)).toBeGreaterThan(0.95);
    expect(await query(errors, 600)).toBeLessThan(0.01);
    expect(await query('sum(kube_deployment_status_replicas_available{deployment="web"})', 86_400)).toBe(2);
  });

  it('evaluates an expression over all of the run', () => {
    const command = lineWith('promtool query range')
      .replace('http://localhost:9090', url)
      .replace('EXPRESSION', 'min(up)');
    const lines = shell(command).trim().split('\n');
    expect(lines.filter((line) => /^(0|1) @/.test(line)).length).toBeGreaterThan(HOURS * 60);
  });

  it('gives links and ranges of just this run', () => {
    const from = Date.parse(report.run.start);
    const to = from + HOURS * 3_600_000;
    expect(readme).toContain(`?from=${from}&to=${to}`);
    const { searchParams } = new URL(lineWith('http://localhost:9090/graph?'));
    expect(searchParams.get('g0.end_input')).toBe('2026-01-06 09:00:00');
    expect(searchParams.get('g0.range_input')).toBe(`${HOURS * 3600}s`);
  });
});
