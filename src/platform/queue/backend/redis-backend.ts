import type { ConnectionOptions } from 'bullmq';
import { createRedisClient, waitForRedis, type RedisClient } from '../../redis/redis-client.js';
import type { RedisConfig } from '../../redis/redis.config.js';
import { QueueBackend } from './queue-backend.js';

const IDLE_SECONDS = 5;

export class RedisBackend extends QueueBackend {
  readonly kind = 'redis';
  readonly idleSeconds = IDLE_SECONDS;

  private constructor(
    private readonly producer: RedisClient,
    private readonly worker: RedisClient,
    readonly prefix: string,
  ) {
    super();
  }

  static async open(config: RedisConfig): Promise<RedisBackend> {
    const producer = createRedisClient(config, 'queue', 'hasty');
    try {
      await waitForRedis(producer, config);
    } catch (error) {
      producer.disconnect();
      throw error;
    }
    // All keys of a queue must live in one slot of a cluster: the braces say which part of the key decides.
    const prefix = config.clusterNodes.length > 0 ? `{${config.keyPrefix}}` : config.keyPrefix;
    return new RedisBackend(producer, createRedisClient(config, 'worker', 'patient'), prefix);
  }

  get connection(): ConnectionOptions {
    return this.producer;
  }

  get workerConnection(): ConnectionOptions {
    return this.worker;
  }

  async ping(): Promise<void> {
    await this.producer.ping();
  }

  async close(): Promise<void> {
    this.producer.disconnect();
    this.worker.disconnect();
  }
}
