import type { SettingsRule } from '../../api/types';
import { formatNumber } from '../../lib/format';

/** What a rule says, in short phrases. */
export function describeRule(rule: SettingsRule): string[] {
  const { dataRange, businessHours, maintenance, excluded } = rule;
  return [
    rule.direction && `direction ${rule.direction}`,
    rule.minimumDeviation !== undefined && `deviations from ${formatNumber(rule.minimumDeviation)}`,
    rule.minimumRelativeDeviation !== undefined && `from ${formatNumber(rule.minimumRelativeDeviation * 100)} %`,
    dataRange && `range ${formatNumber(dataRange.lower ?? -Infinity)} to ${formatNumber(dataRange.upper ?? Infinity)}`,
    rule.sensitivity !== undefined && `sensitivity ${formatNumber(rule.sensitivity)}×`,
    businessHours &&
      `${businessHours.weekdays.join(' ')} ${businessHours.from} to ${businessHours.to} (${businessHours.timeZone})`,
    maintenance &&
      maintenance.length > 0 &&
      `${maintenance.length} maintenance ${maintenance.length === 1 ? 'window' : 'windows'}`,
    excluded === false && 'not excluded',
    excluded && `excluded: ${excluded.reason}`,
  ].filter((text): text is string => typeof text === 'string');
}
