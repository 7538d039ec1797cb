import type { EmbeddedServer } from '../../support/embedded-server.js';
import { descendantsOf } from '../../support/process-tree.js';
import { Product, type ProductOptions } from '../../support/product.js';
import { startDurablePostgres } from './durable-postgres.js';

/** Settings under which the product is measured: production, with limits that the benchmark itself would hit lifted. */
export const BENCH_ENVIRONMENT = {
  AUTH_JWT_SECRET: 'Kq0v3u1fYw8mVb2sRz6xTn4cJd7gHp5aLe9i',
  TELEMETRY_HOST_SOURCE_ENABLED: 'false',
  HTTP_RATE_LIMIT_PER_PRINCIPAL_PER_MINUTE: '1000000',
  HTTP_RATE_LIMIT_PER_ADDRESS_PER_MINUTE: '1000000',
} as const;

/** Runs `work` with a fresh, durable PostgreSQL, and stops it afterwards. */
export async function withPostgres<T>(work: (postgres: EmbeddedServer) => Promise<T>): Promise<T> {
  const postgres = await startDurablePostgres();
  try {
    return await work(postgres);
  } finally {
    await postgres.stop();
  }
}

/** Runs `work` with a product that is ready and signed in, and ends it afterwards. */
export async function withProduct<T>(options: ProductOptions, work: (product: Product) => Promise<T>): Promise<T> {
  const product = await Product.start({
    profile: 'production',
    ...options,
    env: { ...BENCH_ENVIRONMENT, ...options.env },
  });
  try {
    if (options.role !== 'worker') await product.login();
    return await work(product);
  } finally {
    await product.dispose();
  }
}

/** The worker that a product of role `all` has forked. */
export function workerOf(product: Product): number | undefined {
  return descendantsOf(product.pid).find(({ command }) => command.includes('dist/main.js'))?.pid;
}
