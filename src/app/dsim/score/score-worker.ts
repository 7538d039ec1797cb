import { parentPort, workerData } from 'node:worker_threads';
import { doUnit, type ScoreUnit } from './score-work.js';

/** What a worker tells: how far it is, and at last what came of it. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly runs: Awaited<ReturnType<typeof doUnit>> };

const port = parentPort!;
const post = (message: WorkerMessage): void => port.postMessage(message);

post({
  kind: 'done',
  runs: await doUnit(workerData as ScoreUnit, {
    progress: (done, total) => post({ kind: 'progress', done, total }),
  }),
});
