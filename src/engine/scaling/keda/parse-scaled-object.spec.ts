import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { AutoscalerInvalidError } from '../validation/validation.errors.js';
import { hpaOfScaledObject } from './hpa-of-scaled-object.js';
import { parseScaledObject } from './parse-scaled-object.js';

/** Examples of keda.sh (scaledobject-spec, cron, prometheus, cpu, metrics-api, Scaling Modifiers), put together. */
const EXAMPLE = `
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: shop
  namespace: default
  annotations:
    autoscaling.keda.sh/paused-scale-in: "true"
spec:
  scaleTargetRef:
    name: my-deployment
  minReplicaCount: 2
  idleReplicaCount: 0
  maxReplicaCount: 50
  cooldownPeriod: 120
  fallback:
    failureThreshold: 3
    replicas: 6
    behavior: currentReplicasIfHigher
  advanced:
    restoreToOriginalReplicaCount: true
    horizontalPodAutoscalerConfig:
      name: keda-hpa-custom
      behavior:
        scaleDown:
          stabilizationWindowSeconds: 60
  triggers:
  - type: cron
    metadata:
      timezone: Asia/Kolkata
      start: 0 6 * * *
      end: 0 20 * * *
      desiredReplicas: "10"
  - type: prometheus
    name: load
    metadata:
      serverAddress: http://prometheus:9090
      query: sum(rate(http_requests_total{deployment="my-deployment"}[2m]))
      threshold: '100.50'
      activationThreshold: '5.5'
  - type: metrics-api
    metricType: Value
    metadata:
      url: http://api:3232/stats
      valueLocation: components.worker.tasks
      targetValue: "8"
      activationTargetValue: "3.8"
  - type: cpu
    metricType: Utilization
    metadata:
      value: "60"
  - type: memory
    metricType: AverageValue
    metadata:
      value: 200Mi
      containerName: app
`;

interface Document {
  metadata: Record<string, unknown>;
  spec: Record<string, unknown>;
  [key: string]: unknown;
}

function issuesOf(change: (document: Document) => void): Record<string, string> {
  const document = parse(EXAMPLE) as Document;
  change(document);
  try {
    parseScaledObject(document);
  } catch (error) {
    if (!(error instanceof AutoscalerInvalidError)) throw error;
    const found: Record<string, string> = {};
    for (const { path, message } of error.issues) found[path] = [found[path], message].filter(Boolean).join('\n');
    return found;
  }
  return {};
}

describe('parseScaledObject', () => {
  it('reads the documented examples unchanged', () => {
    const { metadata, pause, spec } = parseScaledObject(parse(EXAMPLE));
    expect(metadata).toEqual({ name: 'shop', namespace: 'default' });
    expect(pause).toEqual({ paused: false, replicas: null, scaleIn: true, scaleOut: false });
    expect(spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'my-deployment' },
      ...{ pollingInterval: 30, cooldownPeriod: 120, initialCooldownPeriod: 0 },
      ...{ idleReplicaCount: 0, minReplicaCount: 2, maxReplicaCount: 50 },
      fallback: { failureThreshold: 3, replicas: 6, behavior: 'currentReplicasIfHigher' },
      triggers: [
        {
          type: 'cron',
          timezone: 'Asia/Kolkata',
          desiredReplicas: 10,
          metricName: 's0-cron-Asia-Kolkata-06xxx-020xxx',
        },
        {
          type: 'prometheus',
          name: 'load',
          metricName: 's1-prometheus',
          threshold: 100.5,
          activationThreshold: 5.5,
          ignoreNullValues: true,
        },
        {
          type: 'metrics-api',
          metricType: 'Value',
          metricName: 's2-metric-api-components-worker-tasks',
          threshold: 8,
          activationThreshold: 3.8,
        },
        { type: 'cpu', metricType: 'Utilization', value: { value: 60 } },
        { type: 'memory', metricType: 'AverageValue', containerName: 'app' },
      ],
    });
  });

  it('fills the defaults', () => {
    const { spec } = parseScaledObject({
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: { name: 'x' },
      spec: {
        scaleTargetRef: { name: 'x' },
        triggers: [{ type: 'prometheus', metadata: { serverAddress: 'a', query: 'q', threshold: '1' } }],
      },
    });
    expect(spec).toMatchObject({
      pollingInterval: 30,
      cooldownPeriod: 300,
      initialCooldownPeriod: 0,
      minReplicaCount: 0,
      maxReplicaCount: 100,
    });
    expect(spec.fallback).toBeUndefined();
  });

  it('makes the autoscaler that KEDA makes', () => {
    const { metadata, spec } = hpaOfScaledObject(parseScaledObject(parse(EXAMPLE)));
    expect(metadata.name).toBe('keda-hpa-custom');
    expect(spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 50,
      behavior: { scaleDown: { stabilizationWindowSeconds: 60, selectPolicy: 'Disabled' } },
    });
    const selector = { matchLabels: { 'scaledobject.keda.sh/name': 'shop' } };
    expect(spec.metrics).toMatchObject([
      { type: 'ContainerResource', containerResource: { name: 'memory', container: 'app' } },
      {
        type: 'External',
        external: { metric: { selector }, target: { type: 'AverageValue', averageValue: { text: '1' } } },
      },
      { type: 'External', external: { target: { averageValue: { text: '100500m' } } } },
      { type: 'External', external: { target: { type: 'Value', value: { text: '8' } } } },
      { type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: 60 } } },
    ]);
  });

  const trigger = (change: Record<string, unknown>, metadata: Record<string, unknown>) => ({
    type: 'prometheus',
    ...change,
    metadata: { serverAddress: 'a', query: 'q', threshold: '1', ...metadata },
  });
  const cron = (metadata: Record<string, unknown>) => ({
    type: 'cron',
    metadata: { timezone: 'UTC', start: '0 6 * * *', end: '0 20 * * *', desiredReplicas: '10', ...metadata },
  });

  it.each([
    ['spec.triggers', 'no triggers defined', { triggers: [] }],
    [
      'spec.triggers[0].type',
      'Unsupported value: "kafka": supported values: "cpu", "cron"',
      { triggers: [{ type: 'kafka' }] },
    ],
    [
      'spec.triggers[0].type',
      'give its value through a prometheus or metrics-api trigger',
      { triggers: [{ type: 'kafka' }] },
    ],
    ['spec.triggers[0].metadata', 'Required value', { triggers: [{ type: 'cron' }] }],
    [
      'spec.triggers[0].metadata.threshold',
      'must be of type string: put it in quotes',
      { triggers: [trigger({}, { threshold: 100 })] },
    ],
    [
      'spec.triggers[0].metadata.threshold',
      'missing required parameter "threshold"',
      { triggers: [trigger({}, { threshold: '' })] },
    ],
    [
      'spec.triggers[0].metadata.threshold',
      'must be a number in quotes',
      { triggers: [trigger({}, { threshold: 'ten' })] },
    ],
    ['spec.triggers[0].metadata.threshold', 'must be greater than 0', { triggers: [trigger({}, { threshold: '0' })] }],
    [
      'spec.triggers[0].metadata.ignoreNullValues',
      'must be "true" or "false"',
      { triggers: [trigger({}, { ignoreNullValues: 'no' })] },
    ],
    [
      'spec.triggers[0].metricType',
      'Unsupported value: "Utilization": supported values: "AverageValue", "Value"',
      { triggers: [trigger({ metricType: 'Utilization' }, {})] },
    ],
    [
      'spec.triggers[1].name',
      'defined multiple times',
      { triggers: [trigger({ name: 'a' }, {}), trigger({ name: 'a' }, {})] },
    ],
    [
      'spec.triggers[0].metadata.timezone',
      'unable to load timezone',
      { triggers: [cron({ timezone: 'Mars/Olympus' })] },
    ],
    [
      'spec.triggers[0].metadata.start',
      'error parsing start schedule: hour "25": must lie between 0 and 23',
      { triggers: [cron({ start: '0 25 * * *' })] },
    ],
    [
      'spec.triggers[0].metadata.end',
      'start and end can not have exactly same time input',
      { triggers: [cron({ end: '0 6 * * *' })] },
    ],
    [
      'spec.triggers[0].metadata.desiredReplicas',
      'must be greater than 0',
      { triggers: [cron({ desiredReplicas: '0' })] },
    ],
    [
      'spec.triggers[0].useCachedMetrics',
      'not supported for "cron" scaler',
      { triggers: [{ ...cron({}), useCachedMetrics: true }] },
    ],
    [
      'spec.triggers[0].metricType',
      "allowed values are 'Utilization' or 'AverageValue'",
      { triggers: [{ type: 'cpu', metadata: { value: '50' } }] },
    ],
    [
      'spec.triggers[0].metadata.type',
      'use metricType',
      { triggers: [{ type: 'cpu', metricType: 'Utilization', metadata: { type: 'Utilization', value: '50' } }] },
    ],
    [
      'spec.minReplicaCount',
      "scale to zero doesn't work in this case",
      {
        minReplicaCount: 0,
        idleReplicaCount: undefined,
        triggers: [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } }],
      },
    ],
    ['spec.maxReplicaCount', 'MinReplicaCount=60 must be less than MaxReplicaCount=50', { minReplicaCount: 60 }],
    ['spec.idleReplicaCount', 'IdleReplicaCount=2 must be less than MinReplicaCount=2', { idleReplicaCount: 2 }],
    ['spec.idleReplicaCount', 'the only supported value is 0', { idleReplicaCount: 1 }],
    ['spec.cooldownPeriod', 'must be greater than or equal to 0', { cooldownPeriod: -1 }],
    ['spec.pollingIntervall', 'unknown field "spec.pollingIntervall"', { pollingIntervall: 5 }],
    ['spec.scaleTargetRef.name', 'Required value', { scaleTargetRef: {} }],
    ['spec.fallback.replicas', 'mandatory if the fallback section is included', { fallback: { failureThreshold: 3 } }],
    [
      'spec.fallback.behavior',
      'Unsupported value: "none"',
      { fallback: { failureThreshold: 3, replicas: 1, behavior: 'none' } },
    ],
    [
      'spec.fallback',
      'not supported by the CPU & memory scalers',
      { triggers: [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } }] },
    ],
    [
      'spec.advanced.scalingModifiers.formula',
      'Formula is mandatory',
      { advanced: { scalingModifiers: { target: '2' } } },
    ],
    [
      'spec.advanced.scalingModifiers.formula',
      'unknown name lod at column 1; known: load',
      { advanced: { scalingModifiers: { formula: 'lod', target: '2' } } },
    ],
    [
      'spec.advanced.scalingModifiers.target',
      'formula is given but target is empty',
      { advanced: { scalingModifiers: { formula: 'load' } } },
    ],
    [
      'spec.advanced.scalingModifiers.target',
      'must be greater than 0',
      { advanced: { scalingModifiers: { formula: 'load', target: '0' } } },
    ],
    [
      'spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies',
      'at least one Policy',
      { advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleUp: { policies: [] } } } } },
    ],
  ])('%s: %s', (path, message, spec) => {
    expect(issuesOf((document) => Object.assign(document.spec, spec))[path]).toContain(message);
  });

  it('refuses other kinds, KEDA 1, and unusable annotations', () => {
    expect(issuesOf((document) => (document.kind = 'ScaledJob')).kind).toContain('must be ScaledObject');
    expect(issuesOf((document) => (document.apiVersion = 'keda.k8s.io/v1alpha1')).apiVersion).toContain('migrated');
    const paused = issuesOf(
      ({ metadata }) => (metadata.annotations = { 'autoscaling.keda.sh/paused-replicas': 'many' }),
    );
    expect(paused['metadata.annotations[autoscaling.keda.sh/paused-replicas]']).toContain(
      'must be a number of replicas',
    );
    for (const nothing of [undefined, null, 'x', 3, []])
      expect(() => parseScaledObject(nothing)).toThrow(AutoscalerInvalidError);
  });
});
