import { chanceOf } from '../names.js';
import type { Pod } from '../platform-state.types.js';

/** Alike pods differ by this share of their base, up or down: what they have loaded, cached and not yet collected. */
export const BASE_MEMORY_SPREAD = 0.03;

/**
 * Bytes that a pod uses at rest, between 1 - spread and 1 + spread times what the service says, by its uid: so that alike
 * pods that leak alike do not reach their limits in the same second.
 */
export function baseMemoryOf(base: number, { uid }: Pick<Pod, 'uid'>): number {
  return base * (1 + BASE_MEMORY_SPREAD * (2 * chanceOf(0, 'base-memory', uid) - 1));
}
