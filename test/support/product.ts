import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './embedded-server.js';
import { eventually } from './eventually.js';
import { LiveEvents } from './live-events.js';
import { ask, type HttpAnswer, type HttpQuestion } from './http-client.js';
import { processesOn, type RunningProcess } from './process-tree.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const TETHER = new URL('./tether.mjs', import.meta.url).href;
const READY_WITHIN_MS = 60_000;

export const ADMIN_PASSWORD = 'correct horse battery staple';

export interface ProductOptions {
  /** Unset: a PostgreSQL of its own in the data folder. */
  readonly databaseUrl?: string;
  /** Unset: a temporary folder, removed by `dispose`. */
  readonly dataDir?: string;
  readonly role?: 'all' | 'api' | 'worker';
  readonly profile?: 'production' | 'development' | 'experimental';
  /** Laid over everything else; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly nodeOptions?: readonly string[];
  /** Runs it as another user; only root may. */
  readonly uid?: number;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * The built product as a process of its own, as an operator starts it: on a free port, which it keeps over restarts.
 * Whatever happens to the test run, nothing of it is left running.
 */
export class Product {
  private child: ChildProcess | undefined;
  private log = '';
  private ending: Promise<ProcessEnd> = Promise.resolve({ code: null, signal: null });
  private closing: Promise<unknown> = Promise.resolve();
  /** Header value of whoever is signed in. */
  authorization: string | undefined;

  private constructor(
    readonly options: ProductOptions,
    readonly dataDir: string,
    readonly port: number,
  ) {}

  /** Starts it and waits until it is ready. */
  static async start(options: ProductOptions = {}): Promise<Product> {
    const product = await Product.launch(options);
    try {
      await product.ready();
    } catch (error) {
      await product.dispose();
      throw error;
    }
    return product;
  }

  /** Starts it and waits for nothing. */
  static async launch(options: ProductOptions = {}): Promise<Product> {
    if (!existsSync(MAIN)) throw new Error('These tests run the built product: `npm run setup` builds it.');
    const product = new Product(options, options.dataDir ?? temporaryDataDir(), await freePort());
    product.spawn({});
    return product;
  }

  /** Starts something that must not come up, and waits until it has given up. */
  static async refuse(
    options: ProductOptions = {},
  ): Promise<ProcessEnd & { readonly output: string; readonly left: RunningProcess[] }> {
    const product = await Product.launch(options);
    try {
      const end = await Promise.race([product.ended, sleep(READY_WITHIN_MS).then(() => undefined)]);
      if (!end) throw new Error(`It came up, or hangs:\n${product.output}`);
      await product.closing;
      return { ...end, output: product.output, left: processesOn(product.dataDir) };
    } finally {
      await product.dispose();
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  /** What it printed since its last start. */
  get output(): string {
    return this.log;
  }

  /** Resolves when the process that was started last ends, for whatever reason. */
  get ended(): Promise<ProcessEnd> {
    return this.ending;
  }

  /** Processes that belong to it and run now. */
  processes(): RunningProcess[] {
    return processesOn(this.dataDir);
  }

  async ready(withinMs = READY_WITHIN_MS): Promise<void> {
    await Promise.race([
      eventually('/health/ready', async () => (await this.health('ready')).status === 200, { withinMs, everyMs: 100 }),
      this.ended.then(({ code, signal }) => {
        throw new Error(`It ended with ${signal ?? code}:\n${this.log}`);
      }),
    ]).catch((error: unknown) => {
      throw new Error(`The product did not become ready:\n${this.log}`, { cause: error });
    });
  }

  health(scope: 'live' | 'ready' | 'startup'): Promise<HttpAnswer> {
    return ask(`${this.url}/health/${scope}`, { timeoutMs: 5_000 });
  }

  async login(username = 'admin', password = ADMIN_PASSWORD): Promise<void> {
    const answer = await ask<{ accessToken: string }>(`${this.url}/api/v1/auth/login`, {
      method: 'POST',
      body: { username, password },
    });
    if (answer.status !== 200) throw new Error(`login: ${answer.status} ${answer.text}`);
    this.authorization = `Bearer ${answer.body.accessToken}`;
  }

  /** `path` below `/api/v1/`; signed in where `login` was called. */
  api<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    question: HttpQuestion = {},
  ): Promise<HttpAnswer<Body>> {
    const { authorization } = this;
    const headers = { ...(authorization === undefined ? {} : { authorization }), ...question.headers };
    return ask<Body>(`${this.url}/api/v1/${path}`, { ...question, method, body, headers });
  }

  /** The body of an answer that must be a success. */
  async ok<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.api<Body>(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  /** The live stream as a page sees it; open when it resolves. */
  events(path: string): Promise<LiveEvents> {
    return LiveEvents.open(`${this.url}/api/v1/${path}`, { authorization: this.authorization ?? '' });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ProcessEnd> {
    this.child?.kill(signal);
    return this.ended;
  }

  /** As the kernel does it to a process that used too much memory. */
  kill9(): Promise<ProcessEnd> {
    return this.stop('SIGKILL');
  }

  /** On the same data, port and settings. */
  async restart(env: ProductOptions['env'] = {}): Promise<void> {
    await this.relaunch(env);
    await this.ready();
  }

  async relaunch(env: ProductOptions['env'] = {}): Promise<void> {
    await this.ended;
    this.spawn(env);
  }

  /** Ends whatever still runs, and removes the data folder unless it was given. */
  async dispose(): Promise<void> {
    await this.kill9();
    // The worker and the database notice by themselves; where that is broken, the test run must not suffer for it.
    await eventually('nothing is left running', () => this.processes().length === 0, { withinMs: 10_000 }).catch(() => {
      for (const { pid } of this.processes()) process.kill(pid, 'SIGKILL');
    });
    if (this.options.dataDir === undefined) rmSync(this.dataDir, { recursive: true, force: true });
  }

  private spawn(more: NonNullable<ProductOptions['env']>): void {
    const { options } = this;
    const env: Record<string, string | undefined> = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DSIM_TEST_OWNER: String(process.pid),
      DSIM_PROFILE: options.profile ?? 'development',
      DSIM_ROLE: options.role ?? 'all',
      DSIM_DATA_DIR: this.dataDir,
      DATABASE_URL: options.databaseUrl,
      HTTP_PORT: String(this.port),
      OBSERVABILITY_LOG_FORMAT: 'json',
      AUTH_ADMIN_PASSWORD: ADMIN_PASSWORD,
      // Two days of history keep a worker busy for a while; its own test turns it on.
      SIMULATION_DEMO_ENABLED: 'false',
      ...options.env,
      ...more,
    };
    for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
    const child = spawn(
      process.execPath,
      [...(options.nodeOptions ?? []), '--import', TETHER, '--enable-source-maps', MAIN],
      {
        env,
        uid: options.uid,
        gid: options.uid,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.child = child;
    this.log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    this.ending = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    this.closing = new Promise((resolve) => child.once('close', resolve));
  }
}

/** One that PostgreSQL, which does not run as root, may enter. */
export function temporaryDataDir(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dsim-product-')));
  chmodSync(folder, 0o755);
  return folder;
}
