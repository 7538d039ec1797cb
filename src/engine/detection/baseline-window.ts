/**
 * The newest `capacity` values that count as normal, and beside them the values that are held back while a stretch
 * is suspected or open: they neither widen the band they are judged by, nor are they lost if it was nothing.
 */
export interface BaselineWindow {
  /** Ring of accepted values. */
  readonly ring: Float64Array;
  count: number;
  /** Where the next value goes. */
  next: number;
  held: number[];
}

export function createBaseline(capacity: number): BaselineWindow {
  return { ring: new Float64Array(capacity), count: 0, next: 0, held: [] };
}

export function accept(baseline: BaselineWindow, value: number): void {
  const { ring } = baseline;
  ring[baseline.next] = value;
  baseline.next = (baseline.next + 1) % ring.length;
  if (baseline.count < ring.length) baseline.count += 1;
}

export function hold(baseline: BaselineWindow, value: number): void {
  baseline.held.push(value);
  if (baseline.held.length > baseline.ring.length) baseline.held.shift();
}

/** It was nothing: the held values are normal after all. */
export function releaseHeld(baseline: BaselineWindow): void {
  for (const value of baseline.held) accept(baseline, value);
  baseline.held = [];
}

/**
 * The anomaly ended with `calmPoints` calm values. Of the stretch itself only the peak is remembered, so that a
 * second outage is found like the first, while a burst that keeps coming back becomes a habit after a few times.
 */
export function dropHeld(baseline: BaselineWindow, peak: number, calmPoints: number): void {
  const calm = calmPoints > 0 ? baseline.held.slice(-calmPoints) : [];
  baseline.held = [];
  accept(baseline, peak);
  for (const value of calm) accept(baseline, value);
}

/** The level of the held values is the new normal; what was before counts no more. */
export function adoptHeld(baseline: BaselineWindow): void {
  const { held } = baseline;
  clearBaseline(baseline);
  for (const value of held) accept(baseline, value);
}

export function clearBaseline(baseline: BaselineWindow): void {
  baseline.count = 0;
  baseline.next = 0;
  baseline.held = [];
}

/** Visits accepted values from the oldest to the newest. */
export function forEachAccepted(baseline: BaselineWindow, visit: (value: number, index: number) => void): void {
  const { ring, count, next } = baseline;
  const start = (next - count + ring.length) % ring.length;
  for (let i = 0; i < count; i += 1) visit(ring[(start + i) % ring.length]!, i);
}
