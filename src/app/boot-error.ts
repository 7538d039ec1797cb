import { DomainError } from '../kernel/errors.js';

/** A failure at boot that the operator can cure. The message is one clear sentence that says how. */
export class BootError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BootError';
  }
}

/** What stderr gets: the sentence of an expected failure, a stack for the unexpected ones or where debugging is on. */
export function describeBootError(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return `DevOps Simulator could not start: ${String(error)}`;
  if (debug)
    return `${error.stack ?? error.message}${error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : ''}`;
  if (error instanceof DomainError || error instanceof BootError) return error.message;
  return `DevOps Simulator could not start: ${explain(error)}\nSet DSIM_DEBUG=true to see where this came from.`;
}

function explain(error: Error): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return `the disk is full${path ? ` (writing ${path})` : ''}. Free some space and start again.`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `it may not use ${path ?? 'a file or port'} (${code}). Give this user the right to, or choose another place.`;
  }
  if (code === 'EMFILE') return 'too many open files. Raise the limit (`ulimit -n 4096`) and start again.';
  return error.message;
}
