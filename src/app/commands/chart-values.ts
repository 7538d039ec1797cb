/** A piece of JSON Schema (draft 7, which Helm reads). */
export type JsonSchema = Readonly<Record<string, unknown>>;

const DRAFT = 'http://json-schema.org/draft-07/schema#';
/** What Kubernetes takes for cpu, memory and storage. */
const QUANTITY = { type: ['string', 'number'], pattern: '^[0-9]+(\\.[0-9]+)?(m|[kMGTPE]|[KMGTPE]i)?$' };

const text = (description?: string): JsonSchema => ({ type: 'string', ...(description ? { description } : {}) });
const flag = { type: 'boolean' };
const whole = (minimum: number): JsonSchema => ({ type: 'integer', minimum });
const oneOf = (...values: readonly string[]): JsonSchema => ({ enum: values });
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
/** Handed to Kubernetes as it is, which checks it. */
const anyObject = { type: 'object' };
const objects = listOf(anyObject);
const texts = listOf({ type: 'string' });
/** Labels and annotations. */
const stringMap = { type: 'object', additionalProperties: { type: 'string' } };

/** Only these keys: a misspelt one must not be silently without effect. */
function object(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', additionalProperties: false, properties, ...(required.length > 0 ? { required } : {}) };
}

const quantities = { type: 'object', additionalProperties: QUANTITY };
const resources = object({ requests: quantities, limits: quantities, claims: objects });
const probe = object({
  initialDelaySeconds: whole(0),
  periodSeconds: whole(1),
  timeoutSeconds: whole(1),
  failureThreshold: whole(1),
});
const component = object({
  replicas: whole(0),
  resources,
  autoscaling: object({
    enabled: flag,
    minReplicas: whole(1),
    maxReplicas: whole(1),
    targetCPUUtilizationPercentage: whole(1),
  }),
});
/** A number of pods, a percentage, or empty for "not given". */
const podCount = { type: ['integer', 'string'], minimum: 0, pattern: '^([0-9]+%)?$' };

/** Schema of helm/values.yaml. `config` and `configFromSecrets` come from the product's own configuration. */
export function chartValuesSchema(config: JsonSchema, configFromSecrets: JsonSchema): JsonSchema {
  return {
    $schema: DRAFT,
    $comment: 'Written by `npm run chart:schema`; edit src/app/commands/chart-values.ts.',
    title: 'Values of the DevOps Simulator chart',
    ...object({
      // Another chart that holds this one may set these two.
      global: anyObject,
      enabled: flag,
      image: object({
        registry: text(),
        repository: { type: 'string', minLength: 1 },
        tag: text(),
        pullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
      }),
      imagePullSecrets: listOf(object({ name: text() }, ['name'])),
      nameOverride: text(),
      fullnameOverride: text(),
      profile: oneOf('production', 'experimental'),
      serviceAccount: object({ create: flag, name: text(), annotations: stringMap }),
      rbac: object({ create: flag }),
      auth: object({ existingSecret: text(), jwtSecretKey: text(), adminPasswordKey: text(), ingestTokenKey: text() }),
      database: object({
        url: {
          type: 'string',
          pattern: '^(postgres(ql)?://.+)?$',
          description: 'postgres:// URL of PostgreSQL 14 or newer',
        },
        existingSecret: text(),
        existingSecretKey: text(),
        replicasSecretKey: text(),
        tlsMode: oneOf('url', 'disable', 'require', 'verify-ca', 'verify-full'),
        caExistingSecret: text(),
        caExistingSecretKey: text(),
      }),
      redis: object({
        url: { type: 'string', pattern: '^(rediss?://.+)?$', description: 'redis:// or rediss:// URL' },
        existingSecret: text(),
        existingSecretKey: text(),
      }),
      config,
      configFromSecrets,
      extraEnv: listOf({ ...anyObject, properties: { name: text() }, required: ['name'] }),
      extraEnvFrom: objects,
      extraVolumes: objects,
      extraVolumeMounts: objects,
      persistence: object({
        enabled: flag,
        size: QUANTITY,
        storageClassName: text(),
        accessModes: texts,
        annotations: stringMap,
        existingClaim: text(),
      }),
      resources,
      api: component,
      worker: component,
      podDisruptionBudget: object({ enabled: flag, minAvailable: podCount, maxUnavailable: podCount }),
      service: object({ type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer'), port: whole(1), annotations: stringMap }),
      ingress: object({
        enabled: flag,
        className: text(),
        annotations: stringMap,
        hosts: listOf(
          object(
            {
              host: text(),
              paths: listOf(
                object({ path: text(), pathType: oneOf('Prefix', 'Exact', 'ImplementationSpecific') }, [
                  'path',
                  'pathType',
                ]),
              ),
            },
            ['host', 'paths'],
          ),
        ),
        tls: listOf(object({ hosts: texts, secretName: text() })),
      }),
      httpRoute: object({ enabled: flag, annotations: stringMap, parentRefs: objects, hostnames: texts }),
      metrics: object({ public: flag }),
      serviceMonitor: object({
        enabled: flag,
        interval: { type: 'string', pattern: '^[0-9]+(ms|s|m)$' },
        labels: stringMap,
        existingSecret: text(),
        existingSecretKey: text(),
      }),
      prometheusRule: object({ enabled: flag, labels: stringMap }),
      networkPolicy: object({ enabled: flag, ingressFrom: objects, metricsFrom: objects }),
      podAnnotations: stringMap,
      podLabels: stringMap,
      podSecurityContext: anyObject,
      securityContext: anyObject,
      nodeSelector: stringMap,
      tolerations: objects,
      affinity: anyObject,
      topologySpreadConstraints: objects,
      priorityClassName: text(),
      probes: object({ startup: probe, liveness: probe, readiness: probe }),
      terminationGracePeriodSeconds: whole(1),
      extraManifests: objects,
    }),
  };
}

export function secretReferences(names: readonly (readonly [name: string, description: string])[]): JsonSchema {
  const reference = { type: 'object', additionalProperties: false, required: ['name', 'key'] };
  return object(
    Object.fromEntries(
      names.map(([name, description]) => [
        name,
        { ...reference, description, properties: { name: text(), key: text() } },
      ]),
    ),
  );
}

export function plainSettings(settings: readonly (readonly [name: string, schema: JsonSchema])[]): JsonSchema {
  return object(Object.fromEntries(settings));
}
