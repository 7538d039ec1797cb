// Starts what an image would start, and looks at it from outside.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stands for the image's own user; a container gives its user a name too, which PostgreSQL asks for. */
export function imageUser() {
  if (process.getuid() !== 0) return {};
  const id = (option) => Number(spawnSync('id', [option, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

export class RunningImage {
  #log = '';

  constructor(image, node, env, user) {
    this.options = { cwd: join(image.root, image.workdir), env, ...user };
    this.node = node;
    this.image = image;
    this.url = `http://127.0.0.1:${env.HTTP_PORT}`;
    const [, ...args] = image.command;
    this.started = performance.now();
    this.process = spawn(node, args, { ...this.options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (chunk) => (this.#log += chunk));
    this.ended = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({ code, signal })));
  }

  get log() {
    return this.#log;
  }

  /** Seconds until /health/ready said yes. */
  async ready(limitSeconds) {
    for (;;) {
      const seconds = (performance.now() - this.started) / 1000;
      if (this.process.exitCode !== null)
        throw new Error(`it ended with exit code ${this.process.exitCode}:\n${this.log}`);
      if (seconds > limitSeconds) throw new Error(`not ready after ${limitSeconds} s:\n${this.log}`);
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.status === 200) return seconds;
      await sleep(25);
    }
  }

  healthcheck() {
    const [, ...args] = this.image.healthcheck;
    const started = performance.now();
    const { status, stderr } = spawnSync(this.node, args, { ...this.options, encoding: 'utf8' });
    return { status, output: stderr.trim(), milliseconds: performance.now() - started };
  }

  async stop(signal = 'SIGTERM') {
    const started = performance.now();
    this.process.kill(signal);
    return { ...(await this.ended), seconds: (performance.now() - started) / 1000 };
  }
}

/** Processes that use these folders, as their program, working directory or in their command. */
export function processesIn(...folders) {
  const read = (reader, path) => {
    try {
      return String(reader(path));
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) =>
      [
        read(readlinkSync, `/proc/${pid}/exe`),
        read(readlinkSync, `/proc/${pid}/cwd`),
        read(readFileSync, `/proc/${pid}/cmdline`),
      ].some((text) => folders.some((folder) => text.includes(folder))),
    )
    .map((pid) => ({
      pid: Number(pid),
      command: read(readFileSync, `/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim(),
    }));
}

/** Memory that these processes do not share, and their share of what they do, in MiB. */
export function memoryOf(processes) {
  const kib = processes.map(({ pid }) => {
    try {
      return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return kib.reduce((sum, value) => sum + value, 0) / 1024;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
