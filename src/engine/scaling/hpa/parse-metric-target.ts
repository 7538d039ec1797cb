import type { FieldReader, RawObject } from '../validation/field-reader.js';
import type { LabelSelector, MetricIdentifier, MetricTarget } from './hpa.types.js';

type TargetField = 'value' | 'averageValue' | 'averageUtilization';

/** Which target fields a source takes, and the API server's words when none or both are set. */
export interface TargetRule {
  readonly takes: readonly TargetField[];
  readonly missing: readonly [field: TargetField, message: string];
  readonly both?: readonly [field: TargetField, message: string];
}

const TARGET_TYPES = ['Utilization', 'Value', 'AverageValue'] as const;

export function readTarget(
  fields: FieldReader,
  path: string,
  value: unknown,
  rule: TargetRule,
): MetricTarget | undefined {
  const raw = fields.object(path, value, ['type', 'value', 'averageValue', 'averageUtilization']) ?? {};
  const type = TARGET_TYPES.find((each) => each === raw.type);
  if (raw.type === undefined || raw.type === null || raw.type === '')
    fields.required(`${path}.type`, 'must specify a metric target type');
  else if (!type) fields.invalid(`${path}.type`, raw.type, 'must be either Utilization, Value, or AverageValue');

  const target = {
    value: positiveQuantity(fields, `${path}.value`, raw.value),
    averageValue: positiveQuantity(fields, `${path}.averageValue`, raw.averageValue),
    averageUtilization: fields.int32(`${path}.averageUtilization`, raw.averageUtilization),
  };
  if (target.averageUtilization !== undefined && target.averageUtilization < 1)
    fields.invalid(`${path}.averageUtilization`, target.averageUtilization, 'must be greater than 0');
  checkTargetFields(fields, path, raw, rule);
  return type && { type, ...target };
}

function checkTargetFields(fields: FieldReader, path: string, raw: RawObject, rule: TargetRule): void {
  const isSet = (field: TargetField): boolean => raw[field] !== undefined && raw[field] !== null;
  if (!rule.takes.some(isSet)) fields.required(`${path}.${rule.missing[0]}`, rule.missing[1]);
  if (rule.both && rule.takes.every(isSet)) fields.forbidden(`${path}.${rule.both[0]}`, rule.both[1]);
}

export function readMetricIdentifier(fields: FieldReader, path: string, value: unknown): MetricIdentifier | undefined {
  const raw = fields.object(path, value, ['name', 'selector']) ?? {};
  const name = fields.name(`${path}.name`, raw.name, 'must specify a metric name');
  const selector = fields.object(`${path}.selector`, raw.selector, ['matchLabels', 'matchExpressions']);
  return name ? { name, ...(selector && { selector: selector as LabelSelector }) } : undefined;
}

function positiveQuantity(fields: FieldReader, path: string, value: unknown): MetricTarget['value'] {
  const quantity = fields.quantity(path, value);
  return quantity && quantity.milli <= 0 ? fields.invalid(path, value, 'must be positive') : quantity;
}
