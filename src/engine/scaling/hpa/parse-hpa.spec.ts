import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AutoscalerInvalidError } from '../validation/validation.errors.js';
import { parseHorizontalPodAutoscaler, type HpaParseOptions } from './parse-hpa.js';

/** The metric blocks of the Kubernetes walkthrough and the behavior blocks of its concept page, put together. */
const WALKTHROUGH = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: php-apache
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: php-apache
  minReplicas: 1
  maxReplicas: 10
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 50
  - type: Pods
    pods:
      metric:
        name: packets-per-second
      target:
        type: AverageValue
        averageValue: 1k
  - type: Object
    object:
      metric:
        name: requests-per-second
      describedObject:
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        name: main-route
      target:
        type: Value
        value: 10k
  - type: External
    external:
      metric:
        name: queue_messages_ready
        selector:
          matchLabels:
            queue: "worker_tasks"
      target:
        type: AverageValue
        averageValue: 30
  - type: ContainerResource
    containerResource:
      name: cpu
      container: application
      target:
        type: Utilization
        averageUtilization: 60
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 300
      policies:
      - type: Pods
        value: 4
        periodSeconds: 60
      - type: Percent
        value: 10
        periodSeconds: 60
      selectPolicy: Min
    scaleUp:
      tolerance: 0.05
status:
  currentReplicas: 1
`;

interface Document {
  spec: Record<string, unknown>;
  [key: string]: unknown;
}

function changed(change: (document: Document) => void): unknown {
  const document = parse(WALKTHROUGH) as Document;
  change(document);
  return document;
}

function issuesOf(document: unknown, options?: HpaParseOptions): Record<string, string> {
  try {
    parseHorizontalPodAutoscaler(document, options);
  } catch (error) {
    if (error instanceof AutoscalerInvalidError) {
      const found: Record<string, string> = {};
      for (const { path, message } of error.issues) found[path] = [found[path], message].filter(Boolean).join('\n');
      return found;
    }
    throw error;
  }
  return {};
}

describe('parseHorizontalPodAutoscaler', () => {
  it('reads the documented blocks unchanged', () => {
    const { metadata, spec } = parseHorizontalPodAutoscaler(parse(WALKTHROUGH));
    expect(metadata).toEqual({ name: 'php-apache', namespace: 'default' });
    expect(spec).toMatchObject({
      minReplicas: 1,
      maxReplicas: 10,
      scaleTargetRef: { kind: 'Deployment', name: 'php-apache' },
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 50 } } },
        { type: 'Pods', pods: { target: { averageValue: { text: '1k', milli: 1_000_000 } } } },
        { type: 'Object', object: { describedObject: { kind: 'Ingress' }, target: { value: { milli: 10_000_000 } } } },
        { type: 'External', external: { metric: { selector: { matchLabels: { queue: 'worker_tasks' } } } } },
        { type: 'ContainerResource', containerResource: { container: 'application' } },
      ],
      behavior: { scaleDown: { selectPolicy: 'Min' }, scaleUp: { tolerance: { value: 0.05 } } },
    });
  });

  it('survives a copy through JSON', () => {
    const hpa = parseHorizontalPodAutoscaler(parse(WALKTHROUGH));
    expect(JSON.parse(JSON.stringify(hpa))).toEqual(JSON.parse(JSON.stringify(structuredClone(hpa))));
  });

  it('needs no more than a target and a maximum', () => {
    const spec = { scaleTargetRef: { kind: 'Deployment', name: 'web' }, maxReplicas: 3 };
    const document = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' }, spec };
    expect(parseHorizontalPodAutoscaler(document).spec.metrics).toBeUndefined();
  });

  // Words of kubernetes pkg/apis/autoscaling/validation/validation.go.
  it.each([
    ['spec.maxReplicas', 'Invalid value: 0: must be greater than 0', { maxReplicas: 0 }],
    [
      'spec.maxReplicas',
      'Invalid value: 2: must be greater than or equal to `minReplicas`',
      { minReplicas: 5, maxReplicas: 2 },
    ],
    ['spec.minReplicas', 'Invalid value: -1: must be greater than or equal to 1', { minReplicas: -1 }],
    [
      'spec.minReplicas',
      'must be greater than or equal to 1 (0 needs the feature gate HPAScaleToZero, or KEDA)',
      { minReplicas: 0 },
    ],
    ['spec.minReplicas', 'Invalid value: "2": must be of type integer: write 2 without quotes', { minReplicas: '2' }],
    ['spec.maxReplicas', 'must be a whole number', { maxReplicas: 2.5 }],
    ['spec.scaleTargetRef.name', 'Required value', { scaleTargetRef: { kind: 'Deployment' } }],
    [
      'spec.scaleTargetRef.kind',
      "may not be '.' or '..' and may not contain '/' or '%'",
      { scaleTargetRef: { kind: 'a/b', name: 'x' } },
    ],
    ['spec.metrics', 'must be a list', { metrics: 'cpu' }],
    ['spec.metrics[0].type', 'Required value: must specify a metric source type', { metrics: [{}] }],
    [
      'spec.metrics[0].type',
      'Unsupported value: "Cpu": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      { metrics: [{ type: 'Cpu' }] },
    ],
    [
      'spec.metrics[0].resource',
      'Required value: must populate information for the given metric source',
      { metrics: [{ type: 'Resource' }] },
    ],
    [
      'spec.targetCPUUtilizationPercentage',
      'autoscaling/v2 has metrics[] with type Resource instead',
      { targetCPUUtilizationPercentage: 50 },
    ],
  ])('%s: %s', (path, message, spec) => {
    expect(issuesOf(changed((document) => Object.assign(document.spec, spec)))[path]).toContain(message);
  });

  const metric = { name: 'rps' };
  it.each([
    [
      'resource.target.type',
      'Required value: must specify a metric target type',
      'Resource',
      { name: 'cpu', target: { averageUtilization: 1 } },
    ],
    [
      'resource.target.type',
      'must be either Utilization, Value, or AverageValue',
      'Resource',
      { name: 'cpu', target: { type: 'Percent', averageUtilization: 1 } },
    ],
    [
      'resource.target.averageUtilization',
      'must set either a target raw value or a target utilization',
      'Resource',
      { name: 'cpu', target: { type: 'Utilization' } },
    ],
    [
      'resource.target.averageValue',
      'may not set both',
      'Resource',
      { name: 'cpu', target: { type: 'Utilization', averageUtilization: 1, averageValue: 1 } },
    ],
    [
      'resource.target.averageUtilization',
      'must be greater than 0',
      'Resource',
      { name: 'cpu', target: { type: 'Utilization', averageUtilization: 0 } },
    ],
    [
      'resource.targetAverageUtilization',
      'target: {type: Utilization, averageUtilization: ...}',
      'Resource',
      { name: 'cpu', targetAverageUtilization: 50 },
    ],
    [
      'containerResource.container',
      'must specify a container',
      'ContainerResource',
      { name: 'cpu', target: { type: 'Utilization', averageUtilization: 1 } },
    ],
    [
      'pods.metric.name',
      'must specify a metric name',
      'Pods',
      { metric: {}, target: { type: 'AverageValue', averageValue: 1 } },
    ],
    [
      'pods.target.averageValue',
      'must specify a positive target averageValue',
      'Pods',
      { metric, target: { type: 'Value', value: 1 } },
    ],
    [
      'pods.target.averageValue',
      'Invalid value: "-1": must be positive',
      'Pods',
      { metric, target: { type: 'AverageValue', averageValue: '-1' } },
    ],
    [
      'pods.target.averageValue',
      'is no quantity',
      'Pods',
      { metric, target: { type: 'AverageValue', averageValue: 'ten' } },
    ],
    ['object.describedObject.kind', 'Required value', 'Object', { metric, target: { type: 'Value', value: 1 } }],
    [
      'external.target.value',
      'may not set both',
      'External',
      { metric, target: { type: 'Value', value: 1, averageValue: 1 } },
    ],
    [
      'external.target.averageValue',
      'must set either a target value for metric or a per-pod target',
      'External',
      { metric, target: { type: 'Value' } },
    ],
  ])('metrics[0].%s: %s', (path, message, type, source) => {
    const field = type.charAt(0).toLowerCase() + type.slice(1);
    const document = changed(({ spec }) => Object.assign(spec, { metrics: [{ type, [field]: source }] }));
    expect(issuesOf(document)[`spec.metrics[0].${path}`]).toContain(message);
  });

  it.each([
    ['policies', 'Required value: must specify at least one Policy', { policies: [] }],
    [
      'policies[0].type',
      'Unsupported value: "Share": supported values: "Percent", "Pods"',
      { policies: [{ type: 'Share', value: 1, periodSeconds: 1 }] },
    ],
    ['policies[0].value', 'must be greater than zero', { policies: [{ type: 'Pods', periodSeconds: 1 }] }],
    [
      'policies[0].periodSeconds',
      'must be less than or equal to 1800',
      { policies: [{ type: 'Pods', value: 1, periodSeconds: 1801 }] },
    ],
    ['stabilizationWindowSeconds', 'must be less than or equal to 3600', { stabilizationWindowSeconds: 3601 }],
    ['stabilizationWindowSeconds', 'must be greater than or equal to zero', { stabilizationWindowSeconds: -1 }],
    ['selectPolicy', 'Unsupported value: "Most": supported values: "Disabled", "Max", "Min"', { selectPolicy: 'Most' }],
    ['tolerance', 'must be greater than or equal to zero', { tolerance: -0.1 }],
    ['window', 'known fields: stabilizationWindowSeconds', { window: 5 }],
  ])('behavior.scaleUp.%s: %s', (path, message, scaleUp) => {
    const document = changed(({ spec }) => Object.assign(spec, { behavior: { scaleUp } }));
    expect(issuesOf(document)[`spec.behavior.scaleUp.${path}`]).toContain(message);
  });

  it('tells what to do with an older version or another kind', () => {
    expect(issuesOf(changed((document) => (document.apiVersion = 'autoscaling/v1')))).toEqual({
      apiVersion:
        'Invalid value: "autoscaling/v1": must be autoscaling/v2: kubectl get hpa.v2.autoscaling NAME -o yaml prints it in this version',
    });
    expect(issuesOf({ kind: 'Deployment', metadata: { name: 'x' } })).toEqual({
      kind: 'Invalid value: "Deployment": must be HorizontalPodAutoscaler',
    });
    for (const nothing of [undefined, null, 'text', [], 5])
      expect(Object.keys(issuesOf(nothing)).length).toBeGreaterThan(0);
  });

  it('allows zero replicas with the feature gate and an external metric only', () => {
    const zero = changed(({ spec }) => Object.assign(spec, { minReplicas: 0 }));
    expect(issuesOf(zero, { scaleToZero: true })).toEqual({});
    const cpuOnly = changed(({ spec }) => Object.assign(spec, { minReplicas: 0, metrics: undefined }));
    expect(issuesOf(cpuOnly, { scaleToZero: true })['spec.metrics']).toContain(
      'at least one Object or External metric',
    );
  });

  it('reports everything at once, in one message', () => {
    const document = changed(({ spec }) => Object.assign(spec, { maxReplicas: 0, minReplicas: -1 }));
    expect(() => parseHorizontalPodAutoscaler(document)).toThrow(
      'HorizontalPodAutoscaler.autoscaling "php-apache" is invalid: [spec.minReplicas: Invalid value: -1: must be greater than or equal to 1, spec.maxReplicas: Invalid value: 0: must be greater than 0]',
    );
  });
});
