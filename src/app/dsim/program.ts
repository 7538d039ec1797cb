import { processEnvironment } from '../../platform/config/environment.js';
import { main } from './main.js';
import { processTerminal } from './terminal/terminal.js';

/** `dsim` as a process: its arguments, its streams, its exit code. */
export async function runProgram(): Promise<void> {
  // `dsim list | head` closes our output early: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  // Not process.exit(): what was written to a pipe must arrive.
  process.exitCode = await main(process.argv.slice(2), processTerminal(processEnvironment()));
}
