import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../../src/app/launch/dsim.mjs', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command as a process of its own. */
export class DsimProcess {
  readonly finished: Promise<Finished>;

  private constructor(readonly child: ChildProcess) {
    let stdout = '';
    let stderr = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.finished = new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  }

  static start(args: readonly string[], cwd?: string): DsimProcess {
    return new DsimProcess(spawn(process.execPath, [LAUNCHER, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  static run(args: readonly string[], cwd?: string): Promise<Finished> {
    return DsimProcess.start(args, cwd).finished;
  }
}

/** SHA-256 of every file of a folder by name. */
export function hashesOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).sort();
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, hash(name)]));
}
