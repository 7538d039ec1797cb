import { FieldReader } from '../validation/field-reader.js';
import { checkKind, readMetadata } from '../validation/metadata.js';
import { AutoscalerInvalidError } from '../validation/validation.errors.js';
import type { HorizontalPodAutoscaler } from './hpa.types.js';
import { readBehavior } from './parse-behavior.js';
import { readReference } from './parse-hpa-reference.js';
import { readMetrics } from './parse-metrics.js';

export interface HpaParseOptions {
  /** Feature gate HPAScaleToZero (alpha and off by default in 1.34): whether `minReplicas: 0` is allowed. */
  readonly scaleToZero?: boolean;
}

const VERSION_HINTS = {
  'autoscaling/v1': 'kubectl get hpa.v2.autoscaling NAME -o yaml prints it in this version',
  'autoscaling/v2beta2': 'the fields are the same, change only the version',
  'autoscaling/v2beta1': 'the targets moved into metrics[].*.target; kubectl get hpa.v2.autoscaling prints them',
} as const;

/**
 * Reads a HorizontalPodAutoscaler of autoscaling/v2 as users paste it, decoded from YAML or JSON. Everything that
 * the API server checks is checked here, unknown fields too (as `kubectl apply` does); `status` is left out.
 * Source: kubernetes pkg/apis/autoscaling/validation/validation.go.
 * @throws {AutoscalerInvalidError} with every mistake, its path and its cure.
 */
export function parseHorizontalPodAutoscaler(
  document: unknown,
  options: HpaParseOptions = {},
): HorizontalPodAutoscaler {
  const fields = new FieldReader();
  const root = fields.object('', document, ['apiVersion', 'kind', 'metadata', 'spec', 'status']) ?? {};
  const expected = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', hints: VERSION_HINTS };
  const { name, namespace } = readMetadata(fields, root);
  const spec = checkKind(fields, root, expected) ? readSpec(fields, root.spec, options) : undefined;
  if (!spec || fields.issues.length > 0)
    throw new AutoscalerInvalidError('HorizontalPodAutoscaler.autoscaling', name, fields.issues);
  return { metadata: { name, namespace }, spec };
}

function readSpec(
  fields: FieldReader,
  value: unknown,
  options: HpaParseOptions,
): HorizontalPodAutoscaler['spec'] | undefined {
  const raw = fields.object('spec', value, ['scaleTargetRef', 'minReplicas', 'maxReplicas', 'metrics', 'behavior'], {
    targetCPUUtilizationPercentage: 'autoscaling/v2 has metrics[] with type Resource instead',
  });
  if (!raw) return fields.required('spec', '');
  const minReplicas = fields.int32('spec.minReplicas', raw.minReplicas);
  const maxReplicas = fields.int32('spec.maxReplicas', raw.maxReplicas ?? 0);
  if (maxReplicas !== undefined) checkReplicas(fields, minReplicas, maxReplicas, options.scaleToZero ?? false);
  const scaleTargetRef = readReference(fields, 'spec.scaleTargetRef', raw.scaleTargetRef);
  const metrics = readMetrics(fields, raw.metrics, minReplicas);
  const behavior = readBehavior(fields, 'spec.behavior', raw.behavior);
  if (!scaleTargetRef || maxReplicas === undefined) return undefined;
  return { scaleTargetRef, minReplicas, maxReplicas, metrics, behavior };
}

function checkReplicas(fields: FieldReader, min: number | undefined, max: number, scaleToZero: boolean): void {
  const lowest = scaleToZero ? 0 : 1;
  if (min !== undefined && min < lowest) {
    const gate = min === 0 ? ' (0 needs the feature gate HPAScaleToZero, or KEDA)' : '';
    fields.invalid('spec.minReplicas', min, `must be greater than or equal to ${lowest}${gate}`);
  }
  if (max < 1) fields.invalid('spec.maxReplicas', max, 'must be greater than 0');
  if (min !== undefined && max < min)
    fields.invalid('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`');
}
