import { cacheConfig } from '../platform/cache/cache.config.js';
import { databaseConfig } from '../platform/database/database.config.js';
import { embeddedPostgresConfig } from '../platform/embedded-postgres/embedded-postgres.config.js';
import { eventsConfig } from '../platform/events/events.config.js';
import { httpConfig } from '../platform/http/http.config.js';
import { inferenceConfig } from '../platform/inference/inference.config.js';
import { observabilityConfig } from '../platform/observability/observability.config.js';
import { queueConfig } from '../platform/queue/queue.config.js';
import { redisConfig } from '../platform/redis/redis.config.js';
import type { AnyConfigSection } from '../platform/config/define-config.js';

/** Sections of the technical parts, in the order of docs/configuration.md. Product modules declare theirs in the catalogue. */
export const PLATFORM_SECTIONS: readonly AnyConfigSection[] = [
  httpConfig,
  observabilityConfig,
  databaseConfig,
  embeddedPostgresConfig,
  redisConfig,
  queueConfig,
  cacheConfig,
  eventsConfig,
  inferenceConfig,
];
