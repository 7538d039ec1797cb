import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { countThings, StuckCounter } from './count-things.js';
import { startQueueProcess } from './harness.js';

/** A worker process that takes one job and never finishes it, so that a test can kill it. */
const servers = JSON.parse(process.argv.at(-1)!) as Parameters<typeof startQueueProcess>[0];
Logger.overrideLogger(false);
await startQueueProcess(servers, { jobs: [countThings], processors: [new StuckCounter(() => console.log('stuck'))] });
console.log('ready');
