export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The two partitioned tables and how wide a partition of each is. */
export const CHUNK_TABLES = {
  recent: { table: 'telemetry_chunks_recent', widthMs: HOUR_MS, tag: 'h' },
  hourly: { table: 'telemetry_chunks', widthMs: DAY_MS, tag: 'd' },
} as const;
export type ChunkTier = keyof typeof CHUNK_TABLES;

export interface PartitionBounds {
  readonly fromMs: number;
  readonly toMs: number;
}

export function environmentTable(tier: ChunkTier, environmentKey: number): string {
  return `${CHUNK_TABLES[tier].table}_e${environmentKey}`;
}

/** Bounds of the partition that holds a time. */
export function boundsAt(tier: ChunkTier, timeMs: number): PartitionBounds {
  const { widthMs } = CHUNK_TABLES[tier];
  const fromMs = Math.floor(timeMs / widthMs) * widthMs;
  return { fromMs, toMs: fromMs + widthMs };
}

/** `telemetry_chunks_e7_d20261121`, `telemetry_chunks_recent_e7_h2026112102`: times in UTC. */
export function partitionTable(tier: ChunkTier, environmentKey: number, timeMs: number): string {
  const { fromMs } = boundsAt(tier, timeMs);
  const digits = new Date(fromMs).toISOString().replace(/\D/g, '');
  const { tag } = CHUNK_TABLES[tier];
  return `${environmentTable(tier, environmentKey)}_${tag}${digits.slice(0, tier === 'recent' ? 10 : 8)}`;
}

/** Bounds of a partition by its name, undefined where the name is none of ours. */
export function boundsOfPartition(tier: ChunkTier, environmentKey: number, table: string): PartitionBounds | undefined {
  const prefix = `${environmentTable(tier, environmentKey)}_${CHUNK_TABLES[tier].tag}`;
  const digits = table.startsWith(prefix) ? table.slice(prefix.length) : '';
  const parts = (tier === 'recent' ? /^(\d{4})(\d\d)(\d\d)(\d\d)$/ : /^(\d{4})(\d\d)(\d\d)$/).exec(digits);
  if (!parts) return undefined;
  const [year, month, day, hour] = parts.slice(1).map(Number);
  return boundsAt(tier, Date.UTC(year!, month! - 1, day, hour ?? 0));
}

/** The environment of a table one level below the roots, undefined where the name is none of ours. */
export function environmentKeyOf(tier: ChunkTier, table: string): number | undefined {
  const digits = new RegExp(`^${CHUNK_TABLES[tier].table}_e(\\d+)$`).exec(table)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS) * HOUR_MS;
}

/** Held by whoever moves or drops the samples of an environment: packing, merging and retention take turns. */
export function storageLock(environmentKey: number): string {
  return `telemetry:storage:${environmentKey}`;
}
