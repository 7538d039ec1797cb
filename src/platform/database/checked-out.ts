import type { Pool, PoolClient } from 'pg';

/**
 * Lends a client of the pool to `work`. pg-pool listens to a client's errors only while it is idle: without a
 * listener of ours, a server that dies in the middle of a query would take the process with it.
 */
export async function withPoolClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return useClient(await pool.connect(), work);
}

/** As `withPoolClient`, for a client that has been taken from its pool already. */
export async function useClient<T>(client: PoolClient, work: (client: PoolClient) => Promise<T>): Promise<T> {
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}
