import type { DetectionSettings, SettingsRule } from './detection-settings.types.js';

/** One difference between two versions: `rules[shop].sensitivity`, from what to what. Undefined: not there. */
export interface SettingsDifference {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Differences of two documents, rules matched by name; a changed order is one difference. */
export function diffSettings(before: DetectionSettings, after: DetectionSettings): SettingsDifference[] {
  const differences: SettingsDifference[] = [];
  if (before.falseAlarmsPerWeek !== after.falseAlarmsPerWeek) {
    differences.push({
      path: 'falseAlarmsPerWeek',
      before: before.falseAlarmsPerWeek,
      after: after.falseAlarmsPerWeek,
    });
  }
  const old = new Map(before.rules.map((rule) => [rule.name, rule]));
  const now = new Map(after.rules.map((rule) => [rule.name, rule]));
  for (const [name, rule] of old) if (!now.has(name)) differences.push({ path: `rules[${name}]`, before: rule });
  for (const [name, rule] of now) {
    const known = old.get(name);
    if (known) differences.push(...diffRules(known, rule));
    else differences.push({ path: `rules[${name}]`, after: rule });
  }
  const kept = (rules: readonly SettingsRule[], other: ReadonlyMap<string, SettingsRule>) =>
    rules.flatMap(({ name }) => (other.has(name) ? [name] : []));
  const [orderBefore, orderAfter] = [kept(before.rules, now), kept(after.rules, old)];
  if (orderBefore.join('\0') !== orderAfter.join('\0')) {
    differences.push({ path: 'order of rules', before: orderBefore, after: orderAfter });
  }
  return differences;
}

function diffRules(before: SettingsRule, after: SettingsRule): SettingsDifference[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof SettingsRule>;
  return [...keys].flatMap((key) =>
    canonical(before[key]) === canonical(after[key])
      ? []
      : [{ path: `rules[${after.name}].${key}`, before: before[key], after: after[key] }],
  );
}

/** As JSON with the keys of objects in order: a database may hand them back in another. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) =>
      part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? 'undefined'
  );
}
