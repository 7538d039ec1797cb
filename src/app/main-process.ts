import { processEnvironment } from '../platform/config/environment.js';
import { describeBootError } from './boot-error.js';
import { boot } from './boot.js';
import { ProcessLifecycle } from './process-lifecycle.js';

/** Starts everything; on failure says why in a sentence, stops what had started, and ends with exit code 1. */
export async function main(): Promise<void> {
  const env = processEnvironment();
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const lifecycle = new ProcessLifecycle({ report, exit: (code) => process.exit(code) });
  if (env.DSIM_SUPERVISED === 'true') followParent(lifecycle);
  else lifecycle.listen();
  try {
    await boot(env, lifecycle, report);
  } catch (error) {
    if (!lifecycle.isStopping) report(describeBootError(error, env.DSIM_DEBUG === 'true'));
    await lifecycle.stop();
    process.exit(1);
  }
}

/** The parent coordinates its worker over IPC: a signal to the whole group must not end the worker first. */
function followParent(lifecycle: ProcessLifecycle): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
  // Without this a worker would live on whose parent was killed, even if that was while the worker still started.
  const end = (): void => lifecycle.stopAndExit(0);
  if (process.connected) process.once('disconnect', end);
  else end();
}
