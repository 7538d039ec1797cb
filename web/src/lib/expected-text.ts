import type { Anomaly } from '../api/types';
import { formatNumber } from './format';

/** `1.2 (0.8…1.6)`; nothing was expected of a value where the anomaly is that there was none. */
export function expectedText({
  yhat,
  yhatLower,
  yhatUpper,
}: Pick<Anomaly, 'yhat' | 'yhatLower' | 'yhatUpper'>): string {
  if (yhat === null) return '–';
  return `${formatNumber(yhat)} (${formatNumber(yhatLower)}…${formatNumber(yhatUpper)})`;
}
