import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisConfig } from './redis.config.js';
import { RedisUnreachable } from './redis.errors.js';

export type RedisClient = Redis | Cluster;

/**
 * `patient` waits for a server that is away, as long as it takes (workers). `hasty` gives a command up after a
 * second or two, so that a caller can be told.
 */
export type Patience = 'patient' | 'hasty';

export function createRedisClient(config: RedisConfig, name: string, patience: Patience): RedisClient {
  const client = build(config, {
    connectionName: `dsim-${name}`,
    connectTimeout: config.connectTimeoutMs,
    keepAlive: 10_000,
    maxRetriesPerRequest: patience === 'patient' ? null : 3,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
    ...tlsOf(config),
  });
  const logger = new Logger('Redis');
  let away = false;
  client.on('error', (error: Error) => {
    if (!away) logger.warn({ msg: 'Redis does not answer', connection: name, reason: error.message });
    away = true;
  });
  client.on('ready', () => {
    if (away) logger.log({ msg: 'Redis answers again', connection: name });
    away = false;
  });
  return client;
}

/** Resolves when the server answers; throws after the configured time. */
export async function waitForRedis(client: RedisClient, config: RedisConfig): Promise<void> {
  const deadline = Date.now() + config.startTimeoutMs;
  for (;;) {
    try {
      // A cluster without nodes never settles a command.
      await Promise.race([client.ping(), tooLate(deadline - Date.now())]);
      return;
    } catch (error) {
      if (Date.now() >= deadline) throw new RedisUnreachable(addressOf(config), error);
      await sleep(200);
    }
  }
}

async function tooLate(ms: number): Promise<never> {
  await sleep(Math.max(ms, 0), undefined, { ref: false });
  throw new Error('no answer in time');
}

/** For messages: no user, no password. */
export function addressOf(config: RedisConfig): string {
  if (config.clusterNodes.length > 0) return config.clusterNodes.join(',');
  if (config.sentinels.length > 0) return `${config.sentinelMaster} at ${config.sentinels.join(',')}`;
  const { hostname, port } = new URL(config.url!);
  return `${hostname}:${port || '6379'}`;
}

function build(config: RedisConfig, options: RedisOptions): RedisClient {
  const { username, password } = config;
  const credentials = { ...(username && { username }), ...(password && { password }) };
  if (config.clusterNodes.length > 0) {
    const { retryStrategy, maxRetriesPerRequest, ...perNode } = options;
    return new Cluster(config.clusterNodes.map(hostAndPort), {
      clusterRetryStrategy: retryStrategy as (times: number) => number,
      redisOptions: { ...perNode, maxRetriesPerRequest, ...credentials },
    });
  }
  if (config.sentinels.length > 0) {
    return new Redis({
      ...options,
      ...fromUrl(config.url),
      ...credentials,
      sentinels: config.sentinels.map(hostAndPort),
      name: config.sentinelMaster,
      ...(config.tls.enabled && { enableTLSForSentinelMode: true, sentinelTLS: options.tls }),
    });
  }
  return new Redis(config.url!, { ...options, ...credentials });
}

/** With Sentinel the address gives only credentials and the database. */
function fromUrl(url: string | undefined): RedisOptions {
  if (url === undefined) return {};
  const { username, password, pathname } = new URL(url);
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(/^\/\d+$/.test(pathname) && { db: Number(pathname.slice(1)) }),
  };
}

function tlsOf(config: RedisConfig): Pick<RedisOptions, 'tls'> {
  const encrypted = config.tls.enabled || config.url?.startsWith('rediss:') === true;
  if (!encrypted) return {};
  const { caFile, rejectUnauthorized } = config.tls;
  return { tls: { rejectUnauthorized, ...(caFile && { ca: readFileSync(caFile, 'utf8') }) } };
}

function hostAndPort(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}
