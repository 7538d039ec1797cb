import { chanceOf } from '../names.js';
import type { PlatformContext } from '../platform-context.types.js';

/**
 * Which of the candidates a fault with a share takes: those it had already, and as many more (by a draw that depends on
 * seed, fault and name only) as make up the share. At least one.
 */
export function choose(
  { control }: PlatformContext,
  purpose: string,
  share: number,
  candidates: readonly string[],
  before: Readonly<Record<string, true>>,
): Record<string, true> {
  const chosen: Record<string, true> = {};
  let missing = Math.min(candidates.length, Math.max(1, Math.round(share * candidates.length)));
  const others: { readonly name: string; readonly chance: number }[] = [];
  for (const name of candidates) {
    if (before[name]) {
      chosen[name] = true;
      missing -= 1;
    } else {
      others.push({ name, chance: chanceOf(control.seed, purpose, name) });
    }
  }
  others.sort((a, b) => a.chance - b.chance || (a.name < b.name ? -1 : 1));
  for (let i = 0; i < missing; i++) chosen[others[i]!.name] = true;
  return chosen;
}
