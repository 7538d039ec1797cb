import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe } from 'vitest';

/** Debian puts servers where an ordinary user's PATH does not look. */
const MORE_FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/sbin', '/usr/local/sbin', '/sbin'];

export type PeerName =
  | 'redis-server'
  | 'prometheus'
  | 'promtool'
  | 'prometheus-alertmanager'
  | 'prometheus-node-exporter'
  | 'pgbouncer'
  | 'chromium'
  | 'helm';

/** Other names that the same program has outside Debian. */
const OTHER_NAMES: Partial<Record<PeerName, readonly string[]>> = {
  'prometheus-alertmanager': ['alertmanager'],
  'prometheus-node-exporter': ['node_exporter'],
  chromium: ['chromium-browser', 'google-chrome'],
};

export function findPeer(name: PeerName): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...MORE_FOLDERS].filter(Boolean);
  for (const candidate of [name, ...(OTHER_NAMES[name] ?? [])]) {
    for (const folder of folders) {
      const file = join(folder, candidate);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

/**
 * A suite that needs a real program. Where the program is missing the suite is skipped and says so; with
 * DSIM_REQUIRE_PEERS=1, as in CI, it fails instead.
 */
export function describePeer(
  names: PeerName | readonly PeerName[],
  title: string,
  suite: (binary: (name: PeerName) => string) => void,
): void {
  const wanted = typeof names === 'string' ? [names] : names;
  const found = new Map(wanted.map((name) => [name, findPeer(name)]));
  const missing = wanted.filter((name) => found.get(name) === undefined);
  if (missing.length === 0) {
    describe(title, () => suite((name) => found.get(name)!));
    return;
  }
  const reason = `needs ${missing.join(', ')}, not found on this machine`;
  if (process.env['DSIM_REQUIRE_PEERS'] === '1') throw new Error(`${title}: ${reason}, and DSIM_REQUIRE_PEERS=1`);
  console.warn(`skipped: ${title}: ${reason}`);
  describe.skip(`${title} (${reason})`, () => suite((name) => name));
}

export interface PeerProcess {
  readonly process: ChildProcess;
  /** Last lines of its output. */
  log(): string;
  /** Ends it and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface StartPeerOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts a program and waits until `ready` resolves to true. */
export async function startPeer(
  binary: string,
  parameters: readonly string[],
  ready: () => Promise<boolean>,
  options: StartPeerOptions = {},
): Promise<PeerProcess> {
  const child = spawn(binary, parameters, {
    ...options,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-8_000)));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('error', (error) => (output += error.message));
  const peer: PeerProcess = {
    process: child,
    log: () => output,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await gone;
    },
  };
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null || child.pid === undefined) throw new Error(`${binary} did not start: ${output}`);
    if (await ready().catch(() => false)) return peer;
    await sleep(50);
  }
  await peer.stop('SIGKILL');
  throw new Error(`${binary} did not become ready: ${output}`);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
