import type { FieldReader } from '../validation/field-reader.js';
import type { MetricSpec } from './hpa.types.js';
import { readContainerResource, readExternal, readObject, readPods, readResource } from './parse-metric-sources.js';

const TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'] as const;
const FIELD_OF = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
} as const;

/** `spec.metrics`. Source: as `parseHorizontalPodAutoscaler`. */
export function readMetrics(
  fields: FieldReader,
  value: unknown,
  minReplicas: number | undefined,
): readonly MetricSpec[] | undefined {
  const list = fields.list('spec.metrics', value);
  const metrics = (list ?? []).map((each, index) => readMetric(fields, `spec.metrics[${index}]`, each));
  const found = metrics.filter((metric) => metric !== undefined);
  if (minReplicas === 0 && !found.some(({ type }) => type === 'Object' || type === 'External'))
    fields.forbidden(
      'spec.metrics',
      'must specify at least one Object or External metric to support scaling to zero replicas',
    );
  return list && found;
}

function readMetric(fields: FieldReader, path: string, value: unknown): MetricSpec | undefined {
  const raw = fields.object(path, value, ['type', ...Object.values(FIELD_OF)]) ?? {};
  if (raw.type === undefined || raw.type === null || raw.type === '')
    return fields.required(`${path}.type`, 'must specify a metric source type');
  const type = fields.oneOf(`${path}.type`, raw.type, TYPES);
  if (!type) return undefined;
  const own = FIELD_OF[type];
  for (const other of Object.values(FIELD_OF)) {
    if (other !== own && raw[other] !== undefined)
      fields.forbidden(`${path}.${other}`, 'must populate the given metric source only');
  }
  if (raw[own] === undefined || raw[own] === null)
    return fields.required(`${path}.${own}`, 'must populate information for the given metric source');
  return readSource(fields, `${path}.${own}`, type, raw[own]);
}

function readSource(
  fields: FieldReader,
  path: string,
  type: (typeof TYPES)[number],
  raw: unknown,
): MetricSpec | undefined {
  switch (type) {
    case 'Resource': {
      const resource = readResource(fields, path, raw);
      return resource && { type, resource };
    }
    case 'ContainerResource': {
      const containerResource = readContainerResource(fields, path, raw);
      return containerResource && { type, containerResource };
    }
    case 'Pods': {
      const pods = readPods(fields, path, raw);
      return pods && { type, pods };
    }
    case 'Object': {
      const object = readObject(fields, path, raw);
      return object && { type, object };
    }
    case 'External': {
      const external = readExternal(fields, path, raw);
      return external && { type, external };
    }
  }
}
