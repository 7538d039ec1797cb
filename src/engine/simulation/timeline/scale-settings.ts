import { FAULT_KINDS, type FaultKind, type FaultSetting } from '../../scenario/fault.types.js';

/**
 * Settings of a fault at a level of 0 to 1: a factor f becomes 1 + (f - 1) x level, anything else marked `scaled` in
 * `FAULT_KINDS` is multiplied, the rest stays.
 */
export function scaleSettings(
  kind: FaultKind,
  settings: Readonly<Record<string, number>>,
  level: number,
): Record<string, number> {
  const definitions: Readonly<Record<string, FaultSetting>> = FAULT_KINDS[kind].settings;
  const scaled: Record<string, number> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const value = settings[name] ?? definition.default;
    if (!definition.scaled) scaled[name] = value;
    else scaled[name] = definition.unit === 'factor' ? 1 + (value - 1) * level : value * level;
  }
  return scaled;
}
