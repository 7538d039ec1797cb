import { describe, expect, it, vi } from 'vitest';
import type { Environment, EnvironmentsReader } from '../../environments/index.js';
import type { JobQueue } from '../../../platform/queue/job-queue.js';
import { TickSchedules } from './tick-schedules.js';

const ID = '019a0000-0000-7000-8000-000000000001';
const before = { id: ID, tickSeconds: 15 } as Environment;
const now = { id: ID, tickSeconds: 3 } as Environment;

describe('TickSchedules', () => {
  it('follows a change at once, although the reader remembers what was before it', async () => {
    const upsertSchedule = vi.fn((_schedule: { every: number }) => Promise.resolve());
    const schedules = new TickSchedules(
      { upsertSchedule } as unknown as JobQueue,
      { find: () => Promise.resolve(before), all: () => Promise.resolve([now]) } as unknown as EnvironmentsReader,
    );
    await schedules.onChanged({ payload: { environmentId: ID } } as never);
    expect(upsertSchedule.mock.calls.map(([{ every }]) => every)).toEqual([3_000]);
  });

  it('schedules nothing for an environment that is gone', async () => {
    const upsertSchedule = vi.fn();
    const schedules = new TickSchedules(
      { upsertSchedule } as unknown as JobQueue,
      { find: () => Promise.resolve(before), all: () => Promise.resolve([]) } as unknown as EnvironmentsReader,
    );
    await schedules.onChanged({ payload: { environmentId: ID } } as never);
    expect(upsertSchedule).not.toHaveBeenCalled();
  });
});
