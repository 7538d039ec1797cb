import { processEnvironment } from '../../platform/config/environment.js';
import { EXIT } from './exit-code.js';
import { fileTrouble } from './file-errors.js';
import { main } from './main.js';
import { processTerminal } from './terminal/terminal.js';

/** `dsim` as a process: its arguments, its streams, its exit code. */
export async function runProgram(): Promise<void> {
  const env = processEnvironment();
  // `npm run dsim` goes to the project's folder first; files that the user names are meant from where the user is.
  if (env['npm_lifecycle_event'] === 'dsim' && env['INIT_CWD'] !== undefined) process.chdir(env['INIT_CWD']);
  process.stdout.on('error', onLostOutput);
  process.stderr.on('error', () => undefined);
  try {
    const code = await main(process.argv.slice(2), processTerminal(env));
    // Not process.exit(): what was written to a pipe must arrive.
    process.exitCode ??= code;
  } catch (error) {
    process.stderr.write(
      `dsim has a mistake, and this is not your doing. Please report it with what follows.\n${(error as Error).stack ?? String(error)}\n`,
    );
    process.exitCode = EXIT.internal;
  }
}

/**
 * A reader that has seen enough (`dsim list | head`), or a terminal that was closed, is no failure: the command goes on
 * to its end and its own exit code. Output that cannot be written is one.
 */
function onLostOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || process.stdout.isTTY) return;
  process.stderr.write(`What dsim says cannot be written: ${fileTrouble(error) ?? error.message}.\n`);
  process.exitCode = EXIT.usage;
}
