/** The known name that was probably meant: at most a third of its letters differ (Levenshtein). Null: none is near. */
export function suggest(name: string, known: Iterable<string>): string | null {
  if (name.length > 60) return null;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (candidate.length > 60 || Math.abs(candidate.length - name.length) >= least) continue;
    const distance = distanceOf(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** ` Did you mean "cart"?`, or what there is where that is little, or nothing. */
export function hint(name: string, known: Iterable<string>): string {
  const all = [...known];
  const near = suggest(name, all);
  if (near !== null) return `; did you mean "${near}"?`;
  return all.length > 0 && all.length <= 30 ? `; there is ${all.join(', ')}` : '';
}

function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
