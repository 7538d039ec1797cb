import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { isTransient } from './connection-errors.js';
import { DatabaseRefused, DatabaseUnreachable, reasonOf } from './database.errors.js';

const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 5_000;

export interface RetryOptions {
  /** Without user and password. */
  readonly address: string;
  readonly timeoutMs: number;
}

/** Repeats `connect` with growing pauses while the server is away; what will not heal by waiting fails at once. */
export async function connectWithRetry<T>(connect: () => Promise<T>, { address, timeoutMs }: RetryOptions): Promise<T> {
  const logger = new Logger('Database');
  const started = Date.now();
  for (let attempt = 1, delayMs = FIRST_DELAY_MS; ; attempt++, delayMs = Math.min(delayMs * 2, MAX_DELAY_MS)) {
    try {
      const connected = await connect();
      if (attempt > 1) logger.log({ msg: 'PostgreSQL answers', address, attempt, waitedMs: Date.now() - started });
      return connected;
    } catch (error) {
      if (!isTransient(error)) throw new DatabaseRefused(address, error);
      if (Date.now() - started + delayMs > timeoutMs) {
        throw new DatabaseUnreachable(address, Math.round((Date.now() - started) / 1000), error);
      }
      logger.warn({
        msg: 'PostgreSQL does not answer yet',
        address,
        attempt,
        retryInMs: delayMs,
        reason: reasonOf(error),
      });
      await sleep(delayMs);
    }
  }
}
