import { describe, expect, it } from 'vitest';
import {
  boundsAt,
  boundsOfPartition,
  environmentKeyOf,
  environmentTable,
  hourOf,
  partitionTable,
} from './partition-names.js';

const TIME = Date.UTC(2026, 10, 21, 2, 59, 59, 999);

describe('partition names', () => {
  it('name environment and time in UTC', () => {
    expect(partitionTable('recent', 7, TIME)).toBe('telemetry_chunks_recent_e7_h2026112102');
    expect(partitionTable('hourly', 7, TIME)).toBe('telemetry_chunks_e7_d20261121');
  });

  it.each(['recent', 'hourly'] as const)('lead back to the bounds they were made from (%s)', (tier) => {
    for (const time of [TIME, TIME + 1, Date.UTC(2024, 1, 29), Date.UTC(1999, 11, 31, 23)]) {
      const { fromMs, toMs } = boundsAt(tier, time);
      expect(time).toBeGreaterThanOrEqual(fromMs);
      expect(time).toBeLessThan(toMs);
      expect(boundsOfPartition(tier, 7, partitionTable(tier, 7, time))).toEqual({ fromMs, toMs });
    }
  });

  it('do not mistake other tables for ours', () => {
    expect(boundsOfPartition('hourly', 7, 'telemetry_chunks_e77_d20261121')).toBeUndefined();
    expect(boundsOfPartition('hourly', 7, 'telemetry_chunks_e7_d20261121_old')).toBeUndefined();
    expect(boundsOfPartition('recent', 7, 'telemetry_chunks_recent_e7_h20261121')).toBeUndefined();
    expect(environmentKeyOf('hourly', 'telemetry_chunks_recent_e7')).toBeUndefined();
    expect(environmentKeyOf('hourly', 'telemetry_chunks_e7_d20261121')).toBeUndefined();
    expect(environmentKeyOf('recent', environmentTable('recent', 12))).toBe(12);
  });

  it('rounds times before 1970 down as well', () => {
    expect(hourOf(-1)).toBe(-3_600_000);
  });
});
