import type { ConnectionOptions } from 'bullmq';

/** Where the jobs are: one per process, shared by all queues and workers. */
export abstract class QueueBackend {
  abstract readonly kind: 'postgres' | 'redis';
  /** For producers: gives a command up while the server is away. */
  abstract readonly connection: ConnectionOptions;
  /** For workers: waits for a server that is away. */
  abstract readonly workerConnection: ConnectionOptions;
  abstract readonly prefix: string;
  /** Seconds that an idle worker waits for a notice before it looks for itself. */
  abstract readonly idleSeconds: number;
  abstract ping(): Promise<void>;
  abstract close(): Promise<void>;
}
