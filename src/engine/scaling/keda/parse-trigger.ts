import type { FieldReader } from '../validation/field-reader.js';
import { parseCron, type CronSchedule } from './cron/cron-schedule.js';
import { isTimeZone } from './cron/time-zone.js';
import type { MetadataReader } from './metadata-reader.js';
import type { CronTrigger, ExternalMetricType, ResourceTrigger, ValueTrigger } from './scaled-object.types.js';

/** What all triggers have. */
export interface TriggerHead {
  readonly path: string;
  readonly index: number;
  readonly metricType: string | undefined;
  readonly useCachedMetrics: boolean;
  readonly name?: string;
}

/** Source: keda pkg/scalers/cron_scaler.go. */
export function readCron(fields: FieldReader, head: TriggerHead, metadata: MetadataReader): CronTrigger | undefined {
  const timezone = metadata.required('timezone', 'Europe/Berlin');
  if (timezone !== undefined && !isTimeZone(timezone))
    fields.invalid(
      metadata.pathOf('timezone'),
      timezone,
      'unable to load timezone: give a name of the IANA database, for example Asia/Kolkata',
    );
  const start = readSchedule(fields, metadata, 'start', '0 6 * * *');
  const end = readSchedule(fields, metadata, 'end', '0 20 * * *');
  if (start && end && start.text === end.text)
    fields.invalid(metadata.pathOf('end'), end.text, 'start and end can not have exactly same time input');
  const desiredReplicas = metadata.number('desiredReplicas', { required: '"10"', above: 0 });
  if (desiredReplicas !== undefined && !Number.isInteger(desiredReplicas))
    fields.invalid(metadata.pathOf('desiredReplicas'), String(desiredReplicas), 'must be a whole number');
  if (!timezone || !start || !end || desiredReplicas === undefined) return undefined;
  const metricName = `cron-${timezone}-${compact(start.text)}-${compact(end.text)}`;
  return { type: 'cron', ...external(fields, head, metricName), timezone, start, end, desiredReplicas };
}

/** Source: keda pkg/scalers/prometheus_scaler.go. */
export function readPrometheus(
  fields: FieldReader,
  head: TriggerHead,
  metadata: MetadataReader,
): ValueTrigger | undefined {
  metadata.required('serverAddress', 'http://prometheus:9090');
  const source = metadata.required('query', 'sum(rate(http_requests_total{deployment="my-deployment"}[2m]))');
  const threshold = metadata.number('threshold', { required: '"100"', above: 0 });
  const activationThreshold = metadata.number('activationThreshold', {}) ?? 0;
  const ignoreNullValues = metadata.boolean('ignoreNullValues', true);
  if (source === undefined || threshold === undefined) return undefined;
  const common = external(fields, head, 'prometheus');
  return { type: 'prometheus', ...common, source, threshold, activationThreshold, ignoreNullValues };
}

/** Source: keda pkg/scalers/metrics_api_scaler.go. */
export function readMetricsApi(
  fields: FieldReader,
  head: TriggerHead,
  metadata: MetadataReader,
): ValueTrigger | undefined {
  const source = metadata.required('url', 'http://api:3232/stats');
  const location = metadata.required('valueLocation', "'components.worker.tasks'");
  const threshold = metadata.number('targetValue', { required: "'8'", above: 0 });
  const activationThreshold = metadata.number('activationTargetValue', {}) ?? 0;
  if (source === undefined || location === undefined || threshold === undefined) return undefined;
  const common = external(fields, head, `metric-api-${location}`);
  return { type: 'metrics-api', ...common, source, threshold, activationThreshold, ignoreNullValues: false };
}

/** Source: keda pkg/scalers/cpu_memory_scaler.go. */
export function readResourceTrigger(
  fields: FieldReader,
  head: TriggerHead,
  type: ResourceTrigger['type'],
  metadata: MetadataReader,
): ResourceTrigger | undefined {
  const path = `${head.path}.metricType`;
  if (metadata.optional('type') !== undefined)
    fields.forbidden(metadata.pathOf('type'), 'is gone since KEDA 2.18: use metricType of the trigger');
  if (!head.metricType) return fields.required(path, "allowed values are 'Utilization' or 'AverageValue'");
  const metricType = fields.oneOf(path, head.metricType, ['Utilization', 'AverageValue'] as const);
  const text = metadata.required('value', '"60"');
  const value = fields.quantity(metadata.pathOf('value'), text);
  if (value && (value.milli <= 0 || (metricType === 'Utilization' && !Number.isInteger(value.value))))
    fields.invalid(metadata.pathOf('value'), text, 'must be greater than 0, and a whole percentage for Utilization');
  const containerName = metadata.optional('containerName');
  if (!metricType || !value) return undefined;
  return { type, metricType, value, ...(head.name && { name: head.name }), ...(containerName && { containerName }) };
}

function readSchedule(
  fields: FieldReader,
  metadata: MetadataReader,
  key: string,
  example: string,
): CronSchedule | undefined {
  const text = metadata.required(key, example);
  if (text === undefined) return undefined;
  const schedule = parseCron(text);
  if ('error' in schedule)
    return fields.invalid(metadata.pathOf(key), text, `error parsing ${key} schedule: ${schedule.error}`);
  return schedule;
}

function external(
  fields: FieldReader,
  head: TriggerHead,
  metricName: string,
): {
  readonly metricType: ExternalMetricType;
  readonly metricName: string;
  readonly useCachedMetrics: boolean;
  readonly name?: string;
} {
  const { index, path, useCachedMetrics, name } = head;
  const metricType = fields.oneOf(`${path}.metricType`, head.metricType || undefined, [
    'AverageValue',
    'Value',
  ] as const);
  // GenerateMetricNameWithIndex and NormalizeString of KEDA.
  const normalized = `s${index}-${metricName.replace(/[/.:%()]/g, '-')}`;
  return { metricType: metricType ?? 'AverageValue', metricName: normalized, useCachedMetrics, ...(name && { name }) };
}

function compact(schedule: string): string {
  return schedule.replaceAll(' ', '').replaceAll('*', 'x').replaceAll('/', 'Sl').replaceAll('?', 'Qm');
}
