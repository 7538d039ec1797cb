type Raw = Readonly<Record<string, unknown>>;

/** Where API servers put what autoscaling/v1 has no field for. */
const METRICS_ANNOTATION = 'autoscaling.alpha.kubernetes.io/metrics';
const BEHAVIOR_ANNOTATION = 'autoscaling.alpha.kubernetes.io/behavior';
/** Target of autoscaling/v1 where there is none and no other metric (`DefaultCPUUtilization`), per cent. */
const DEFAULT_CPU_UTILIZATION = 80;

export interface UpgradedHpa {
  readonly document: unknown;
  /** Where in the pasted object the mistakes of `spec.metrics[n]` are shown; undefined: there. */
  readonly metricPaths?: readonly string[];
  /** Why the object cannot be read; at an annotation. */
  readonly problem?: { readonly path: string; readonly message: string };
}

/**
 * A HorizontalPodAutoscaler of an older version as autoscaling/v2, as the API server converts it: `v2beta2` has the
 * same fields, `v2beta1` has targets beside the names of metrics, `v1` has a target of the CPU and the rest in
 * annotations. What is no such object comes back as it is.
 *
 * Source: kubernetes pkg/apis/autoscaling/v1/conversion.go, pkg/apis/autoscaling/annotations.go.
 */
export function upgradeHpa(document: unknown): UpgradedHpa {
  if (!isRaw(document) || !isRaw(document['spec'])) return { document };
  const { spec } = document;
  switch (document['apiVersion']) {
    case 'autoscaling/v2beta2':
      return { document: { ...document, apiVersion: 'autoscaling/v2' } };
    case 'autoscaling/v2beta1':
      return {
        document: asV2(document, {
          ...spec,
          ...(isList(spec['metrics']) && { metrics: spec['metrics'].map(upgradeMetric) }),
        }),
      };
    case 'autoscaling/v1':
      return upgradeV1(document, spec);
    default:
      return { document };
  }
}

function upgradeV1(document: Raw, { targetCPUUtilizationPercentage: percentage, ...spec }: Raw): UpgradedHpa {
  const metrics = annotation(document, METRICS_ANNOTATION);
  const behavior = annotation(document, BEHAVIOR_ANNOTATION);
  for (const { problem } of [metrics, behavior]) if (problem) return { document, problem };
  const others = isList(metrics.value) ? metrics.value.map(upgradeMetric) : [];
  const cpu = percentage ?? (others.length === 0 ? DEFAULT_CPU_UTILIZATION : undefined);
  const target = { type: 'Utilization', averageUtilization: cpu };
  const own = cpu === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target } }];
  return {
    document: asV2(document, {
      ...spec,
      metrics: [...others, ...own],
      ...(behavior.value !== undefined && { behavior: decapitalised(behavior.value) }),
    }),
    metricPaths: [
      ...others.map(() => `metadata.annotations[${METRICS_ANNOTATION}]`),
      ...own.map(() => 'spec.targetCPUUtilizationPercentage'),
    ],
  };
}

function asV2(document: Raw, spec: Raw): Raw {
  return { ...document, apiVersion: 'autoscaling/v2', spec };
}

/** A metric of v2beta1, which v1 has in its annotation too, as v2 writes it. */
function upgradeMetric(metric: unknown): unknown {
  if (!isRaw(metric)) return metric;
  const { type } = metric;
  const key = typeof type === 'string' ? type.charAt(0).toLowerCase() + type.slice(1) : '';
  const source = metric[key];
  if (!isRaw(source)) return metric;
  const { metricName, selector, metricSelector, name, container, target: object, ...targets } = source;
  const chosen = selector ?? metricSelector;
  const named = { metric: { name: metricName, ...(chosen !== undefined && { selector: chosen }) } };
  const target = upgradeTarget(targets);
  if (type === 'Resource') return { type, resource: { name, target } };
  if (type === 'ContainerResource') return { type, containerResource: { name, container, target } };
  return { type, [key]: { ...named, target, ...(type === 'Object' && { describedObject: object }) } };
}

function upgradeTarget({
  targetAverageUtilization: averageUtilization,
  targetAverageValue,
  averageValue = targetAverageValue,
  targetValue: value,
}: Raw): Raw {
  if (averageUtilization !== undefined) return { type: 'Utilization', averageUtilization };
  if (averageValue !== undefined) return { type: 'AverageValue', averageValue };
  return { type: 'Value', value };
}

/** The API server writes the behavior as Go names it: `ScaleUp`, `StabilizationWindowSeconds`. */
function decapitalised(value: unknown): unknown {
  if (isList(value)) return value.map(decapitalised);
  if (!isRaw(value)) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(
    entries.map(([key, each]) => [key.charAt(0).toLowerCase() + key.slice(1), decapitalised(each)]),
  );
}

function annotation(document: Raw, name: string): Pick<UpgradedHpa, 'problem'> & { readonly value?: unknown } {
  const metadata = isRaw(document['metadata']) ? document['metadata'] : {};
  const text = isRaw(metadata['annotations']) ? metadata['annotations'][name] : undefined;
  if (typeof text !== 'string') return {};
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: { path: `metadata.annotations[${name}]`, message: 'is no valid JSON' } };
  }
}

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
