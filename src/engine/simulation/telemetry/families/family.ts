import type { MetricType } from '../../../../kernel/time-series.js';
import type { FamilyDescriptor } from '../telemetry.types.js';

const UNITS = ['seconds', 'bytes', 'ratio', 'celsius', 'joules', 'volts', 'amperes', 'meters', 'grams'];

export const counter = (name: string, help: string): FamilyDescriptor => family(name, 'counter', help);
export const gauge = (name: string, help: string): FamilyDescriptor => family(name, 'gauge', help);
export const histogram = (name: string, help: string): FamilyDescriptor => family(name, 'histogram', help);

/** A family whose unit, where it has one, is the last word of its name (a counter's `_total` left aside). */
function family(name: string, type: MetricType, help: string): FamilyDescriptor {
  const last = name
    .replace(/_total$/, '')
    .split('_')
    .at(-1)!;
  return { name, type, help, unit: UNITS.includes(last) ? last : '' };
}
