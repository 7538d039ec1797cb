import { Client } from 'pg';
import { EmbeddedServer } from '../../support/embedded-server.js';

/** A server of its own, as durable as PostgreSQL comes, with what the product's embedded server sets besides. */
export function startDurablePostgres(): Promise<EmbeddedServer> {
  return EmbeddedServer.start([
    'shared_buffers=128MB',
    'max_wal_size=1GB',
    'wal_compression=on',
    'checkpoint_timeout=15min',
    'jit=off',
    'max_parallel_workers_per_gather=0',
  ]);
}

export async function queryRows<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
