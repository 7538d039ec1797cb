/** First index in [from, end) of ascending values that is not below `value`; `end` if all are. */
export function placeInSorted(values: Float64Array, from: number, end: number, value: number): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Distance from `value` to the nearest of the sorted values in [from, end); Infinity if there is none. */
export function nearestDistance(values: Float64Array, from: number, end: number, value: number): number {
  const place = placeInSorted(values, from, end, value);
  const below = place > from ? value - values[place - 1]! : Infinity;
  const above = place < end ? values[place]! - value : Infinity;
  return Math.min(below, above);
}

/** Adds `value` to the sorted values in [from, end), which become one more. */
export function insertSorted(values: Float64Array, from: number, end: number, value: number): void {
  const place = placeInSorted(values, from, end, value);
  values.copyWithin(place + 1, place, end);
  values[place] = value;
}

/** Removes one `value`, which must be there, from the sorted values in [from, end). */
export function removeSorted(values: Float64Array, from: number, end: number, value: number): void {
  const place = placeInSorted(values, from, end, value);
  values.copyWithin(place, place + 1, end);
}
