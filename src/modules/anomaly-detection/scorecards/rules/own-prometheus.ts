import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Labels } from '../../../../kernel/time-series.js';
import { RuleEvaluationError } from './rules.errors.js';

/** Points of a series that one query asks for; Prometheus allows 11,000, and holds all samples of a query in memory. */
const POINTS = 2000;
const START_MS = 60_000;
const LOOK_MS = 20;

export interface OwnPrometheusOptions {
  readonly prometheus: string;
  /** For its configuration. */
  readonly folder: string;
  /** With the blocks. */
  readonly data: string;
  /** Milliseconds for which a sample counts as the newest one. */
  readonly lookbackMs: number;
}

/** Called with a label set, and what its expression was at some times, ascending: epoch milliseconds, value as text. */
export type SeriesPart = (labels: Labels, points: readonly (readonly [at: number, value: string])[]) => void;

/** A Prometheus of our own over a folder of blocks: on loopback, scraping nothing, gone when we are done. */
export class OwnPrometheus {
  private constructor(
    private readonly child: ChildProcess,
    private readonly killWithUs: () => void,
    readonly url: string,
  ) {}

  static async start({ prometheus, folder, data, lookbackMs }: OwnPrometheusOptions): Promise<OwnPrometheus> {
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, 'scrape_configs: []\n');
    mkdirSync(data, { recursive: true });
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      prometheus,
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=${address}`,
        `--query.lookback-delta=${Math.round(lookbackMs)}ms`,
        '--query.timeout=10m',
        '--log.level=error',
      ],
      // Nothing of what this process knows is its business.
      { stdio: ['ignore', 'ignore', 'pipe'], env: {} },
    );
    const killWithUs = (): void => void child.kill('SIGKILL');
    process.once('exit', killWithUs);
    let said = '';
    child.once('error', (error) => (said += error.message));
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    const server = new OwnPrometheus(child, killWithUs, `http://${address}`);
    for (let waited = 0; waited < START_MS; waited += LOOK_MS) {
      if (child.exitCode !== null || child.pid === undefined) {
        await server.stop();
        throw new RuleEvaluationError(`Prometheus (${prometheus}) did not start: ${said.trim()}`);
      }
      if (await server.isReady()) return server;
      await sleep(LOOK_MS);
    }
    await server.stop();
    throw new RuleEvaluationError(`Prometheus (${prometheus}) was not ready after ${START_MS / 1000} s.`);
  }

  /** An expression evaluated as a rule is: at whole multiples of the step, both ends included. */
  async evaluate(expr: string, range: { from: number; to: number; stepMs: number }, each: SeriesPart): Promise<void> {
    const { from, to, stepMs } = range;
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
        throw new RuleEvaluationError(`Prometheus cannot evaluate "${expr}": ${answer.error ?? ''}`);
      for (const { metric, values } of answer.data?.result ?? []) {
        each(
          metric,
          values.map(([seconds, value]) => [Math.round(seconds * 1000), value]),
        );
      }
    }
  }

  async stop(): Promise<void> {
    process.removeListener('exit', this.killWithUs);
    if (this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    // It has written nothing that anybody needs.
    this.child.kill('SIGKILL');
    await gone;
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
