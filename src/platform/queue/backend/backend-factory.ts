import { createRedisBackend, PostgresQueueBackend, setDefaultBackendFactory, type BackendFactory } from 'bullmq';
import { PollingPostgresQueueBackend, SharedPostgresConnection } from './shared-postgres-connection.js';

/** @nestjs/bullmq lets nobody pass a backend: the process default decides by the connection that it is given. */
const byConnection: BackendFactory = (name, opts, extra) => {
  const connection: unknown = opts.connection;
  // @nestjs/bullmq goes on without a connection when ours could not be opened; BullMQ would try a Redis at localhost.
  if (connection === undefined) throw new Error(`queue "${name}" has no connection`);
  if (!(connection instanceof SharedPostgresConnection)) return createRedisBackend(name, opts, extra);
  const Backend = connection.pollMs === undefined ? PostgresQueueBackend : PollingPostgresQueueBackend;
  return new Backend(connection, name, opts as never);
};

export function installBackendFactory(): void {
  setDefaultBackendFactory(byConnection);
}
