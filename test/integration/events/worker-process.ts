import { Database } from '../../../src/platform/database/database.js';
import { startEventsProcess } from './harness.js';
import { Ledger } from './ledger.js';

/** Delivers events until it is killed. */
const ledger = new Ledger();
const app = await startEventsProcess(process.argv.at(-1)!, { works: true, subscribers: [ledger] });
ledger.database = app.get(Database);
console.log('ready');
