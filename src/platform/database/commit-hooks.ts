import type { Transaction } from './database.js';

/** For platform parts that hint at work done in a transaction. A hint may be lost with the process. */
export abstract class CommitHooks {
  /** Runs `hook` after `tx` has committed, and never when it rolls back. Must not throw. */
  abstract afterCommit(tx: Transaction, hook: () => void): void;
}
