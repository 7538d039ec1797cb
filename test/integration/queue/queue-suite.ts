import type { QueueServers } from './harness.js';
import { useQueueProcesses } from './queue-fixture.js';
import { jobsSuite } from './suite-jobs.js';
import { keysAndTimeSuite } from './suite-keys-and-time.js';
import { workersSuite } from './suite-workers.js';

/** What the queue promises, whatever it runs on. */
export function queueSuite(servers: () => QueueServers): void {
  const fixture = useQueueProcesses(servers);
  jobsSuite(fixture);
  keysAndTimeSuite(fixture);
  workersSuite(fixture, servers);
}
