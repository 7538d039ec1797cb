import { z } from 'zod';
import { defineConfig, type ConfigOf } from '../config/define-config.js';

const node = z.string().regex(/^\S+:\d+$/, 'must look like host:6379');

export const redisConfig = defineConfig({
  key: 'redis',
  title: 'Redis',
  description: 'Optional. Where an address is set, queue and cache use it; otherwise PostgreSQL and memory.',
  schema: z.object({
    url: z
      .string()
      .regex(/^rediss?:\/\/\S+$/, 'must look like redis://host:6379 or rediss://host:6379')
      .optional()
      .describe('Address of one server, or credentials and database for Sentinel. `rediss` encrypts.')
      .meta({ secret: true, example: 'rediss://:secret@redis.example:6379/0' }),
    sentinels: z
      .array(node)
      .default([])
      .describe('Redis Sentinels, `host:26379`.')
      .meta({ example: 'sentinel-0:26379,sentinel-1:26379' }),
    sentinelMaster: z.string().default('mymaster').describe('Name of the master that the Sentinels watch.'),
    clusterNodes: z
      .array(node)
      .default([])
      .describe('Some nodes of a Redis Cluster, `host:6379`; the others are discovered.'),
    username: z.string().optional().describe('User for Sentinel and Cluster, where the address does not hold it.'),
    password: z
      .string()
      .optional()
      .describe('Password for Sentinel and Cluster, where the address does not hold it.')
      .meta({ secret: true }),
    keyPrefix: z
      .string()
      .regex(/^[\w.-]+$/, 'may hold letters, digits, dot, dash and underscore')
      .default('dsim')
      .describe('First part of every key, so that installations can share a server.'),
    tls: z
      .object({
        enabled: z.boolean().default(false).describe('Encrypt connections to Sentinel or Cluster nodes.'),
        caFile: z.string().optional().describe('PEM file of the certificate authority.'),
        rejectUnauthorized: z.boolean().default(true).describe('Refuse certificates that the authority did not sign.'),
      })
      .prefault({})
      .describe('Encryption of the connections.'),
    connectTimeoutMs: z
      .number()
      .int()
      .min(100)
      .max(120_000)
      .default(5_000)
      .describe('How long one connection attempt may take.'),
    startTimeoutMs: z
      .number()
      .int()
      .min(0)
      .max(3_600_000)
      .default(60_000)
      .describe('How long start-up keeps trying while the server is not reachable yet.'),
  }),
});

export type RedisConfig = ConfigOf<typeof redisConfig>;

export function usesRedis(config: RedisConfig): boolean {
  return config.url !== undefined || config.sentinels.length > 0 || config.clusterNodes.length > 0;
}
