import { readBehavior } from '../hpa/parse-behavior.js';
import { FieldReader, type RawObject } from '../validation/field-reader.js';
import { checkKind, readMetadata } from '../validation/metadata.js';
import { AutoscalerInvalidError } from '../validation/validation.errors.js';
import { readFallback } from './parse-fallback.js';
import { readPause } from './parse-pause.js';
import { readScalingModifiers } from './parse-scaling-modifiers.js';
import { readTriggers } from './parse-triggers.js';
import type { ScaledObject, ScaledObjectSpec, Trigger } from './scaled-object.types.js';

const SPEC_FIELDS = [
  ...['scaleTargetRef', 'pollingInterval', 'cooldownPeriod', 'initialCooldownPeriod', 'idleReplicaCount'],
  ...['minReplicaCount', 'maxReplicaCount', 'advanced', 'fallback', 'triggers'],
];

/**
 * Reads a ScaledObject of keda.sh/v1alpha1 as users paste it, decoded from YAML or JSON, with the checks of the custom
 * resource, of KEDA's admission webhook and of its scalers.
 * Source: keda apis/keda/v1alpha1/scaledobject_webhook.go, scaledobject_types.go; keda.sh reference.
 * @throws {AutoscalerInvalidError} with every mistake, its path and its cure.
 */
export function parseScaledObject(document: unknown): ScaledObject {
  const fields = new FieldReader();
  const root = fields.object('', document, ['apiVersion', 'kind', 'metadata', 'spec', 'status']) ?? {};
  const { name, namespace, annotations } = readMetadata(fields, root);
  const hints = { 'keda.k8s.io/v1alpha1': 'KEDA 1 objects have to be migrated, see keda.sh/docs/latest/migration' };
  const isScaledObject = checkKind(fields, root, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', hints });
  const spec = isScaledObject ? readSpec(fields, root.spec) : undefined;
  const pause = readPause(fields, annotations);
  if (!spec || fields.issues.length > 0) throw new AutoscalerInvalidError('ScaledObject.keda.sh', name, fields.issues);
  return { metadata: { name, namespace }, pause, spec };
}

function readSpec(fields: FieldReader, value: unknown): ScaledObjectSpec | undefined {
  const raw = fields.object('spec', value, SPEC_FIELDS);
  if (!raw) return fields.required('spec', '');
  const triggers = readTriggers(fields, raw.triggers);
  const advanced: RawObject =
    fields.object('spec.advanced', raw.advanced, [
      'horizontalPodAutoscalerConfig',
      'restoreToOriginalReplicaCount',
      'scalingModifiers',
    ]) ?? {};
  const configPath = 'spec.advanced.horizontalPodAutoscalerConfig';
  const config: RawObject =
    fields.object(configPath, advanced.horizontalPodAutoscalerConfig, ['name', 'behavior']) ?? {};
  const spec = {
    scaleTargetRef: readTarget(fields, raw.scaleTargetRef),
    pollingInterval: seconds(fields, 'pollingInterval', raw, 30),
    cooldownPeriod: seconds(fields, 'cooldownPeriod', raw, 300),
    initialCooldownPeriod: seconds(fields, 'initialCooldownPeriod', raw, 0),
    idleReplicaCount: fields.int32('spec.idleReplicaCount', raw.idleReplicaCount),
    minReplicaCount: fields.int32('spec.minReplicaCount', raw.minReplicaCount) ?? 0,
    maxReplicaCount: fields.int32('spec.maxReplicaCount', raw.maxReplicaCount) ?? 100,
    behavior: readBehavior(fields, `${configPath}.behavior`, config.behavior),
    hpaName: fields.string(`${configPath}.name`, config.name),
    scalingModifiers: readScalingModifiers(fields, advanced.scalingModifiers, triggers),
    triggers,
  };
  checkReplicaCounts(fields, spec);
  checkScaleToZero(fields, triggers, spec.minReplicaCount);
  const fallback = readFallback(fields, raw.fallback, triggers);
  return { ...spec, ...(fallback && { fallback }) };
}

function readTarget(fields: FieldReader, value: unknown): ScaledObjectSpec['scaleTargetRef'] {
  const path = 'spec.scaleTargetRef';
  const known = ['apiVersion', 'kind', 'name', 'envSourceContainerName'];
  const raw: RawObject = fields.object(path, value, known) ?? {};
  const apiVersion = fields.string(`${path}.apiVersion`, raw.apiVersion) ?? 'apps/v1';
  const kind = fields.string(`${path}.kind`, raw.kind) ?? 'Deployment';
  return { apiVersion, kind, name: fields.name(`${path}.name`, raw.name) ?? '' };
}

function seconds(fields: FieldReader, name: string, raw: RawObject, otherwise: number): number {
  const value = fields.int32(`spec.${name}`, raw[name]) ?? otherwise;
  if (value < 0) fields.invalid(`spec.${name}`, value, 'must be greater than or equal to 0');
  return value;
}

/** Source: scaledobject_types.go, CheckReplicaCountBoundsAreValid. */
function checkReplicaCounts(
  fields: FieldReader,
  {
    minReplicaCount: min,
    maxReplicaCount: max,
    idleReplicaCount: idle,
  }: Pick<ScaledObjectSpec, 'minReplicaCount' | 'maxReplicaCount' | 'idleReplicaCount'>,
): void {
  if (min < 0) fields.invalid('spec.minReplicaCount', min, 'must be greater than or equal to 0');
  if (max < 1) fields.invalid('spec.maxReplicaCount', max, 'must be greater than 0');
  else if (Math.max(min, 1) > max)
    fields.invalid('spec.maxReplicaCount', max, `MinReplicaCount=${min} must be less than MaxReplicaCount=${max}`);
  if (idle === undefined) return;
  if (idle >= min)
    fields.invalid('spec.idleReplicaCount', idle, `IdleReplicaCount=${idle} must be less than MinReplicaCount=${min}`);
  else if (idle !== 0)
    fields.invalid('spec.idleReplicaCount', idle, 'the only supported value is 0; use minReplicaCount');
}

/** Source: scaledobject_webhook.go, verifyCPUMemoryScalers. */
function checkScaleToZero(fields: FieldReader, triggers: readonly Trigger[], min: number): void {
  const onlyResources = triggers.length > 0 && triggers.every(({ type }) => type === 'cpu' || type === 'memory');
  if (onlyResources && min === 0)
    fields.invalid(
      'spec.minReplicaCount',
      min,
      "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero doesn't work in this case); set it to 1 or more",
    );
}
