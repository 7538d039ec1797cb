import { createHash } from 'node:crypto';

const MAX_READABLE = 120;

/**
 * A job id from a business key: the same key gives the same id. BullMQ refuses colons and ids that look like
 * numbers, so those, and long keys, are hashed; readable ones stay readable in the dashboard.
 */
export function jobIdOf(jobName: string, key: string): string {
  const readable = `${jobName}.${key}`;
  if (readable.length <= MAX_READABLE && /^[\w.@/+=-]+$/.test(readable)) return readable;
  return `${jobName}.~${createHash('sha256').update(key).digest('base64url')}`;
}
