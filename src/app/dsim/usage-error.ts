import { fileTrouble } from './file-errors.js';

/** What the caller can cure (a wrong option, a file that cannot be written): one sentence, and exit code 2. */
export class UsageError extends Error {}

/** Runs what touches a file; `what` begins the sentence: `out cannot be written`. Other errors stay as they are. */
export function withFile<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const trouble = fileTrouble(error);
    throw trouble === undefined ? error : new UsageError(`${what}: ${trouble}.`);
  }
}
