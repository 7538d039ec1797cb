import type { FieldReader, RawObject } from '../validation/field-reader.js';
import { MetadataReader } from './metadata-reader.js';
import { readCron, readMetricsApi, readPrometheus, readResourceTrigger, type TriggerHead } from './parse-trigger.js';
import type { Trigger } from './scaled-object.types.js';

const TYPES = ['cpu', 'cron', 'memory', 'metrics-api', 'prometheus'] as const;
const FIELDS = ['type', 'name', 'metadata', 'metricType', 'useCachedMetrics', 'authenticationRef'];

/** `spec.triggers`. Source: keda scaletriggers_types.go, ValidateTriggers. */
export function readTriggers(fields: FieldReader, value: unknown): readonly Trigger[] {
  const list = fields.list('spec.triggers', value) ?? [];
  if (list.length === 0) fields.required('spec.triggers', 'no triggers defined in the ScaledObject/ScaledJob');
  const triggers = list.map((each, index) => readTrigger(fields, `spec.triggers[${index}]`, index, each));
  const found = triggers.filter((trigger) => trigger !== undefined);
  for (const [index, { name }] of found.entries()) {
    if (name && found.findIndex((other) => other.name === name) < index)
      fields.invalid(
        `spec.triggers[${index}].name`,
        name,
        'is defined multiple times in the ScaledObject/ScaledJob, but it must be unique',
      );
  }
  return found;
}

function readTrigger(fields: FieldReader, path: string, index: number, value: unknown): Trigger | undefined {
  const raw: RawObject = fields.object(path, value, FIELDS) ?? {};
  if (!raw.type) return fields.required(`${path}.type`, 'the type of the trigger');
  const type = TYPES.find((each) => each === raw.type);
  if (!type) {
    fields.notSupported(`${path}.type`, raw.type, TYPES);
    return fields.report(
      `${path}.type`,
      'the simulator knows no such source: give its value through a prometheus or metrics-api trigger with the same target',
    );
  }
  const metadata = new MetadataReader(fields, `${path}.metadata`, raw.metadata);
  const name = fields.string(`${path}.name`, raw.name) ?? '';
  const metricType = fields.string(`${path}.metricType`, raw.metricType);
  const useCachedMetrics = raw.useCachedMetrics === true;
  if (useCachedMetrics && (type === 'cpu' || type === 'memory' || type === 'cron'))
    fields.forbidden(
      `${path}.useCachedMetrics`,
      `property "useCachedMetrics" is not supported for "${type}" scaler; remove it`,
    );
  const head: TriggerHead = { path, index, metricType, useCachedMetrics, ...(name && { name }) };
  switch (type) {
    case 'cron':
      return readCron(fields, head, metadata);
    case 'prometheus':
      return readPrometheus(fields, head, metadata);
    case 'metrics-api':
      return readMetricsApi(fields, head, metadata);
    case 'cpu':
    case 'memory':
      return readResourceTrigger(fields, head, type, metadata);
  }
}
