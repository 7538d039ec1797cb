import type { FieldReader } from '../validation/field-reader.js';
import { isExternal, type Fallback, type Trigger } from './scaled-object.types.js';

const BEHAVIORS = ['static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower'] as const;

/** `spec.fallback`. Source: keda scaledobject_types.go, CheckFallbackValid. */
export function readFallback(fields: FieldReader, value: unknown, triggers: readonly Trigger[]): Fallback | undefined {
  const raw = fields.object('spec.fallback', value, ['failureThreshold', 'replicas', 'behavior']);
  if (!raw) return undefined;
  const failureThreshold = count(fields, 'spec.fallback.failureThreshold', raw.failureThreshold);
  const replicas = count(fields, 'spec.fallback.replicas', raw.replicas);
  const behavior = fields.oneOf('spec.fallback.behavior', raw.behavior, BEHAVIORS) ?? 'static';
  if (triggers.length > 0 && !triggers.some(isExternal))
    fields.forbidden(
      'spec.fallback',
      'fallback is not supported by the CPU & memory scalers; add another trigger or remove it',
    );
  return { failureThreshold, replicas, behavior };
}

function count(fields: FieldReader, path: string, value: unknown): number {
  const number = fields.int32(path, value);
  if (value === undefined || value === null) fields.required(path, 'mandatory if the fallback section is included');
  if (number !== undefined && number < 0) fields.invalid(path, number, 'must be greater than or equal to 0');
  return number ?? 0;
}
