import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longer than this the process answers nobody else. */
const SLICE_MS = 12;

/**
 * Calls `work` until it answers false, and lets others have their turn again and again. Throws the signal's reason
 * when it aborts.
 */
export async function inSlices(work: () => boolean, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const end = performance.now() + SLICE_MS;
    do {
      if (!work()) return;
    } while (performance.now() < end);
    await nextTurn();
  }
}
