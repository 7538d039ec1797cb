import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ScoredRun } from '../../../engine/scorecard/score-card.types.js';
import { AbortedError } from '../../../engine/scorecard/watch-simulation.js';
import { doUnit, type ScoreUnit } from './score-work.js';
import type { WorkerMessage } from './score-worker.js';

const WORKER = new URL('./score-worker.js', import.meta.url);

export interface UnitHooks {
  /** Share of all work, 0 to 1. */
  readonly progress: (share: number) => void;
  readonly signal: { readonly aborted: boolean };
}

/**
 * Does all units, several at a time, and gives their runs in the order of the units: how many cores there are changes
 * nothing about the outcome.
 */
export async function doUnits(
  units: readonly ScoreUnit[],
  jobs: number,
  { progress, signal }: UnitHooks,
): Promise<readonly ScoredRun[]> {
  const shares = units.map(() => 0);
  const tell = (unit: number, share: number): void => {
    shares[unit] = share;
    progress(shares.reduce((sum, each) => sum + each, 0) / units.length);
  };
  const results: (readonly ScoredRun[])[] = [];
  let next = 0;
  // Where the sources run as they are, there is no file to start a thread with.
  const threads = jobs > 1 && units.length > 1 && existsSync(WORKER);
  const work = async (): Promise<void> => {
    while (next < units.length) {
      if (signal.aborted) throw new AbortedError();
      const unit = next;
      next += 1;
      const onProgress = (done: number, total: number) => tell(unit, total > 0 ? done / total : 0);
      results[unit] = threads
        ? await inThread(units[unit]!, onProgress, signal)
        : await doUnit(units[unit]!, { progress: onProgress, signal, breathe: () => setImmediate() });
      tell(unit, 1);
    }
  };
  await Promise.all(Array.from({ length: threads ? Math.min(jobs, units.length) : 1 }, work));
  return results.flat();
}

/** Milliseconds between two looks at whether somebody broke off. */
const LOOK = 100;

function inThread(
  unit: ScoreUnit,
  progress: (done: number, total: number) => void,
  signal: { readonly aborted: boolean },
): Promise<readonly ScoredRun[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: unit });
    const watch = setInterval(() => {
      if (!signal.aborted) return;
      void worker.terminate();
      reject(new AbortedError());
    }, LOOK);
    const end = (): void => clearInterval(watch);
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'progress') progress(message.done, message.total);
      else {
        end();
        resolve(message.runs);
      }
    });
    worker.on('error', (error) => {
      end();
      reject(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', (code) => {
      end();
      reject(new Error(`A worker thread ended with code ${code} before it was done.`));
    });
  });
}
