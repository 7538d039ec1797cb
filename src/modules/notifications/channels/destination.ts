import { createHash } from 'node:crypto';

/** Scheme, host and port: what may be shown of an address that can hold secrets. */
export function destinationOf(url: string): string {
  return new URL(url).origin;
}

/** Names an address without revealing it. */
export function targetOf(url: string): string {
  return createHash('sha256').update(url).digest('hex').slice(0, 12);
}
