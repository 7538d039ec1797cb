import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Labels } from '../../../../kernel/time-series.js';
import { UsageError } from '../../usage-error.js';
import type { ActiveSeries } from './fire-alerts.js';

const execute = promisify(execFile);

/** Points of a series that one query may have at most is 11,000; ours have fewer. */
const POINTS = 5000;
const START_MS = 60_000;

/** Makes blocks of a folder of OpenMetrics files, two hours each. */
export async function makeBlocks(promtool: string, files: string, data: string): Promise<void> {
  for (const file of readdirSync(files).sort()) {
    await execute(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '-q', join(files, file), data]);
  }
}

/** A Prometheus of our own over a folder of blocks: on loopback, scraping nothing, gone when we are done. */
export class OwnPrometheus {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(prometheus: string, folder: string, data: string): Promise<OwnPrometheus> {
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, 'scrape_configs: []\n');
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      prometheus,
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=${address}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    const server = new OwnPrometheus(child, `http://${address}`);
    for (let waited = 0; waited < START_MS; waited += 100) {
      if (child.exitCode !== null) throw new UsageError(`Prometheus did not start: ${said.trim()}`);
      if (await server.isReady()) return server;
      await sleep(100);
    }
    await server.stop();
    throw new UsageError(`Prometheus was not ready after ${START_MS / 1000} s.`);
  }

  /** When an expression had a result, by label set, evaluated as a rule is: at whole multiples of the step. */
  async activeSeries(expr: string, from: number, to: number, stepMs: number): Promise<readonly ActiveSeries[]> {
    const byLabels = new Map<string, { readonly labels: Labels; readonly times: number[] }>();
    const first = Math.ceil(from / stepMs) * stepMs;
    for (let start = first; start <= to; start += POINTS * stepMs) {
      const end = Math.min(to, start + (POINTS - 1) * stepMs);
      const body = new URLSearchParams({
        query: expr,
        start: String(start / 1000),
        end: String(end / 1000),
        step: String(stepMs / 1000),
      });
      const response = await fetch(`${this.url}/api/v1/query_range`, { method: 'POST', body });
      const answer = (await response.json()) as QueryAnswer;
      if (answer.status !== 'success')
        throw new UsageError(`Prometheus cannot evaluate "${expr}": ${answer.error ?? ''}`);
      for (const { metric, values } of answer.data?.result ?? []) {
        const key = JSON.stringify(Object.entries(metric).sort());
        const known = byLabels.get(key) ?? { labels: metric, times: [] };
        byLabels.set(key, known);
        for (const [seconds] of values) known.times.push(Math.round(seconds * 1000));
      }
    }
    return [...byLabels.values()];
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await Promise.race([gone, sleep(5000).then(() => this.child.kill('SIGKILL'))]);
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/-/ready`)).ok;
    } catch {
      return false;
    }
  }
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { metric: Labels; values: [number, string][] }[] };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
