import { get } from '../api/client';
import type { Environment, EnvironmentStatus } from '../api/types';
import { useResource } from './resource';

const REFRESH_MS = 5_000;

/** Simulated environments run ahead of our clock, or lag behind it: their newest sample is their present. */
export function eventTimeOf(
  environment: Environment | undefined,
  status: EnvironmentStatus | undefined,
): number | undefined {
  return environment?.kind === 'simulated' && status?.lastSampleAt ? Date.parse(status.lastSampleAt) : undefined;
}

/** The present of an environment, epoch milliseconds; undefined where that is ours. */
export function useEventTime(environmentId: string | undefined): number | undefined {
  const present = useResource(
    `event-time-${environmentId}`,
    async (signal) => {
      if (environmentId === undefined) return undefined;
      const [environment, status] = await Promise.all([
        get<Environment>(`environments/${environmentId}`, {}, signal),
        get<EnvironmentStatus>(`environments/${environmentId}/status`, {}, signal),
      ]);
      return eventTimeOf(environment, status);
    },
    REFRESH_MS,
  );
  return present.data;
}
