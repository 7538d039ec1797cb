import type { FieldReader } from '../validation/field-reader.js';
import type { HpaBehavior, ScalingPolicy, ScalingRules } from './hpa.types.js';

const MAX_WINDOW_SECONDS = 3600;
const MAX_PERIOD_SECONDS = 1800;

/** `behavior`, of an autoscaler or of KEDA's horizontalPodAutoscalerConfig. Source: as `parseHorizontalPodAutoscaler`. */
export function readBehavior(fields: FieldReader, path: string, value: unknown): HpaBehavior | undefined {
  const raw = fields.object(path, value, ['scaleUp', 'scaleDown']);
  if (!raw) return undefined;
  const scaleUp = readRules(fields, `${path}.scaleUp`, raw.scaleUp);
  const scaleDown = readRules(fields, `${path}.scaleDown`, raw.scaleDown);
  return { scaleUp, scaleDown };
}

function readRules(fields: FieldReader, path: string, value: unknown): ScalingRules | undefined {
  const known = ['stabilizationWindowSeconds', 'selectPolicy', 'policies', 'tolerance'];
  const raw = fields.object(path, value, known);
  if (!raw) return undefined;
  const windowPath = `${path}.stabilizationWindowSeconds`;
  const stabilizationWindowSeconds = fields.int32(windowPath, raw.stabilizationWindowSeconds);
  if (stabilizationWindowSeconds !== undefined && stabilizationWindowSeconds < 0)
    fields.invalid(windowPath, stabilizationWindowSeconds, 'must be greater than or equal to zero');
  if (stabilizationWindowSeconds !== undefined && stabilizationWindowSeconds > MAX_WINDOW_SECONDS)
    fields.invalid(windowPath, stabilizationWindowSeconds, `must be less than or equal to ${MAX_WINDOW_SECONDS}`);
  const selectPolicy = fields.oneOf(`${path}.selectPolicy`, raw.selectPolicy, ['Disabled', 'Max', 'Min']);
  const tolerance = fields.quantity(`${path}.tolerance`, raw.tolerance);
  if (tolerance && tolerance.value < 0)
    fields.invalid(`${path}.tolerance`, raw.tolerance, 'must be greater than or equal to zero');

  const list = fields.list(`${path}.policies`, raw.policies);
  if (list?.length === 0) fields.required(`${path}.policies`, 'must specify at least one Policy');
  const policies = list
    ?.map((each, index) => readPolicy(fields, `${path}.policies[${index}]`, each))
    .filter((policy) => policy !== undefined);
  return { stabilizationWindowSeconds, selectPolicy, policies, tolerance };
}

function readPolicy(fields: FieldReader, path: string, raw: unknown): ScalingPolicy | undefined {
  const policy = fields.object(path, raw, ['type', 'value', 'periodSeconds']) ?? {};
  const type = fields.oneOf(`${path}.type`, policy.type ?? '', ['Percent', 'Pods'] as const);
  const value = fields.int32(`${path}.value`, policy.value ?? 0);
  const periodSeconds = fields.int32(`${path}.periodSeconds`, policy.periodSeconds ?? 0);
  if (value !== undefined && value <= 0) fields.invalid(`${path}.value`, value, 'must be greater than zero');
  if (periodSeconds !== undefined && periodSeconds <= 0)
    fields.invalid(`${path}.periodSeconds`, periodSeconds, 'must be greater than zero');
  if (periodSeconds !== undefined && periodSeconds > MAX_PERIOD_SECONDS)
    fields.invalid(`${path}.periodSeconds`, periodSeconds, `must be less than or equal to ${MAX_PERIOD_SECONDS}`);
  return type && value !== undefined && periodSeconds !== undefined ? { type, value, periodSeconds } : undefined;
}
