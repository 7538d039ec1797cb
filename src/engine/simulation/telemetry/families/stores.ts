import { counter, gauge } from './family.js';

/** postgres_exporter v0.15 */
export const POSTGRES = {
  up: gauge(
    'pg_up',
    'Whether the last scrape of metrics from PostgreSQL was able to connect to the server (1 for yes, 0 for no).',
  ),
  backends: gauge(
    'pg_stat_database_numbackends',
    'Number of backends currently connected to this database. This is the only column in this view that returns a value reflecting current state; all other columns return the accumulated values since the last reset.',
  ),
  commits: counter('pg_stat_database_xact_commit', 'Number of transactions in this database that have been committed'),
  rollbacks: counter(
    'pg_stat_database_xact_rollback',
    'Number of transactions in this database that have been rolled back',
  ),
  deadlocks: counter('pg_stat_database_deadlocks', 'Number of deadlocks detected in this database'),
  blocksHit: counter(
    'pg_stat_database_blks_hit',
    "Number of times disk blocks were found already in the buffer cache, so that a read was not necessary (this only includes hits in the PostgreSQL buffer cache, not the operating system's file system cache)",
  ),
  blocksRead: counter('pg_stat_database_blks_read', 'Number of disk blocks read in this database'),
  activity: gauge('pg_stat_activity_count', 'number of connections in this state'),
  maxConnections: gauge(
    'pg_settings_max_connections',
    'Server Parameter: max_connections - Sets the maximum number of concurrent connections.',
  ),
  lag: gauge('pg_replication_lag_seconds', 'Replication lag behind master in seconds'),
  isReplica: gauge('pg_replication_is_replica', 'Indicates if the server is a replica'),
  size: gauge('pg_database_size_bytes', 'Disk space used by the database'),
  locks: gauge('pg_locks_count', 'Number of locks'),
} as const;

/** redis_exporter v1.62 */
export const REDIS = {
  up: gauge('redis_up', 'Information about the Redis instance'),
  clients: gauge('redis_connected_clients', 'Number of client connections (excluding connections from replicas)'),
  memoryUsed: gauge('redis_memory_used_bytes', 'Total number of bytes allocated by Redis'),
  memoryMax: gauge('redis_memory_max_bytes', 'The value of the maxmemory configuration directive'),
  hits: counter('redis_keyspace_hits_total', 'Number of successful lookup of keys in the main dictionary'),
  misses: counter('redis_keyspace_misses_total', 'Number of failed lookup of keys in the main dictionary'),
  evicted: counter('redis_evicted_keys_total', 'Number of evicted keys due to maxmemory limit'),
  commands: counter('redis_commands_processed_total', 'Total number of commands processed by the server'),
  keys: gauge('redis_db_keys', 'Total number of keys by DB'),
  cpu: counter('redis_cpu_user_seconds_total', 'User CPU consumed by the Redis server'),
} as const;

/** kafka_exporter (danielqsj) v1.8 */
export const KAFKA = {
  lag: gauge('kafka_consumergroup_lag', 'Current Approximate Lag of a ConsumerGroup at Topic/Partition'),
  lagSum: gauge(
    'kafka_consumergroup_lag_sum',
    'Current Approximate Lag of a ConsumerGroup at Topic for all partitions',
  ),
  offset: gauge('kafka_consumergroup_current_offset', 'Current Offset of a ConsumerGroup at Topic/Partition'),
  members: gauge('kafka_consumergroup_members', 'Amount of members in a consumer group'),
  topicOffset: gauge('kafka_topic_partition_current_offset', 'Current Offset of a Broker at Topic/Partition'),
  partitions: gauge('kafka_topic_partitions', 'Number of partitions for this Topic'),
  brokers: gauge('kafka_brokers', 'Number of Brokers in the Kafka Cluster.'),
} as const;
