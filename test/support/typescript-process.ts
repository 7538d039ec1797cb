import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface TypeScriptProcess {
  readonly process: ChildProcess;
  /** Resolves when the process prints a line that holds `text`. */
  printed(text: string): Promise<void>;
  output(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Runs a TypeScript file of ours in a process of its own. */
export function spawnTypeScript(file: string, parameters: readonly string[] = []): TypeScriptProcess {
  const runner = fileURLToPath(new URL('./run-typescript.mjs', import.meta.url));
  const child = spawn(process.execPath, [runner, file, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: process.env,
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    process: child,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
        };
        listeners.add(look);
        void gone.then(() => reject(new Error(`${file} ended before it printed "${text}": ${output}`)));
        look();
      }),
    output: () => output,
    kill: async (signal = 'SIGKILL') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await gone;
    },
  };
}
