import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
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

  static start(args: readonly string[], cwd?: string, env: Readonly<Record<string, string>> = {}): DsimProcess {
    const { COLUMNS: _columns, FORCE_COLOR: _colour, NO_COLOR: _none, ...inherited } = process.env;
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      cwd,
      env: { ...inherited, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return new DsimProcess(child);
  }

  /** @param input what the command reads on standard input */
  static run(
    args: readonly string[],
    cwd?: string,
    { env, input = '' }: { readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
  ): Promise<Finished> {
    const { child, finished } = DsimProcess.start(args, cwd, env);
    // A command that does not read has closed its end.
    child.stdin!.on('error', () => undefined).end(input);
    return finished;
  }
}

/** SHA-256 of every file of a folder, those of folders below too, by path. */
export function hashesOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(files.map((name) => [name.replaceAll('\\', '/'), hash(name)]));
}
