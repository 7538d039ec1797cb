import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { describePeer } from '../support/peers.js';

const CHART = join(import.meta.dirname, '../../helm');
const CI_VALUES = readdirSync(join(CHART, 'ci')).filter((name) => name.endsWith('-values.yaml'));

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean };
  };
}

interface Container {
  readonly name: string;
  readonly env?: readonly EnvVar[];
  readonly command?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly requests: Record<string, string>; readonly limits: Record<string, string> };
  readonly securityContext: Record<string, unknown>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly [probe: `${string}Probe`]: { readonly httpGet: { readonly path: string; readonly port: string } };
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly securityContext: Record<string, unknown>;
  readonly enableServiceLinks: boolean;
  readonly volumes: readonly { readonly name: string }[];
}

/** As far as the expectations below look into objects. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape differs by kind, and each test knows its own
  readonly spec: any;
  readonly data?: Record<string, string>;
  readonly stringData?: Record<string, string>;
}

describePeer('helm', 'the Helm chart', (binary) => {
  const helm = (...parameters: readonly string[]) => spawnSync(binary('helm'), parameters, { encoding: 'utf8' });

  const render = (...parameters: readonly string[]): readonly Manifest[] => {
    const result = helm('template', 'rel', CHART, '--namespace', 'ops', '--kube-version', '1.31', ...parameters);
    if (result.status !== 0) throw new Error(result.stderr);
    return parseAllDocuments(result.stdout)
      .map((document) => document.toJS() as Manifest | null)
      .filter((manifest) => manifest !== null);
  };

  const renderWith = (values: string): readonly Manifest[] => render('--values', join(CHART, 'ci', values));
  const named = (name: string): readonly Manifest[] => (name === 'no values' ? render() : renderWith(name));
  const of = (manifests: readonly Manifest[], kind: string): readonly Manifest[] =>
    manifests.filter((one) => one.kind === kind);
  const workloads = (manifests: readonly Manifest[]): readonly Manifest[] => [
    ...of(manifests, 'Deployment'),
    ...of(manifests, 'StatefulSet'),
  ];
  const podOf = (workload: Manifest): PodSpec => workload.spec.template.spec as PodSpec;
  const envOf = (workload: Manifest): Record<string, EnvVar> =>
    Object.fromEntries(podOf(workload).containers[0]!.env!.map((variable) => [variable.name, variable]));
  const summary = (manifests: readonly Manifest[]): readonly string[] =>
    manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();

  it.each(['', ...CI_VALUES])('lints without a warning: %s', (values) => {
    const result = helm('lint', CHART, '--strict', ...(values ? ['--values', join(CHART, 'ci', values)] : []));

    expect(result.status, result.stdout).toBe(0);
    expect(result.stdout).not.toMatch(/\[(WARNING|ERROR)\]/);
  });

  it('installs one pod on a volume when nothing is said', () => {
    const manifests = render();

    expect(summary(manifests)).toEqual([
      'PersistentVolumeClaim rel-devops-simulator-data',
      'Pod rel-devops-simulator-test-ready',
      'Secret rel-devops-simulator-auth',
      'Service rel-devops-simulator',
      'Service rel-devops-simulator-metrics',
      'ServiceAccount rel-devops-simulator',
      'StatefulSet rel-devops-simulator',
    ]);
    const pod = of(manifests, 'StatefulSet')[0]!;
    expect(pod.spec.replicas).toBe(1);
    expect(podOf(pod).volumes[0]).toEqual({
      name: 'data',
      persistentVolumeClaim: { claimName: 'rel-devops-simulator-data' },
    });
    expect(envOf(pod)['DATABASE_URL']).toBeUndefined();
    expect(envOf(pod)['DSIM_ROLE']!.value).toBe('all');
  });

  it('runs api and worker apart with no more than a database', () => {
    const manifests = renderWith('database-values.yaml');

    expect(summary(workloads(manifests))).toEqual([
      'Deployment rel-devops-simulator-api',
      'Deployment rel-devops-simulator-worker',
    ]);
    expect(summary(of(manifests, 'HorizontalPodAutoscaler'))).toHaveLength(2);
    expect(of(manifests, 'PersistentVolumeClaim')).toEqual([]);
    for (const workload of workloads(manifests)) {
      expect(envOf(workload)['REDIS_URL']).toBeUndefined();
      expect(envOf(workload)['DATABASE_TLS_MODE']!.value).toBe('disable');
    }
  });

  it('renders everything that has a switch', () => {
    const kinds = new Set(renderWith('split-values.yaml').map(({ kind }) => kind));

    expect([...kinds].toSorted()).toEqual(
      ['ConfigMap', 'Deployment', 'HTTPRoute', 'HorizontalPodAutoscaler', 'Ingress', 'NetworkPolicy', 'Pod'].concat([
        'PodDisruptionBudget',
        'PrometheusRule',
        'Secret',
        'Service',
        'ServiceAccount',
        'ServiceMonitor',
      ]),
    );
  });

  it.each(['no values', ...CI_VALUES])('gives pods no more rights than they need: %s', (name) => {
    const manifests = named(name);
    const pods = [...workloads(manifests).map(podOf), ...of(manifests, 'Pod').map(({ spec }) => spec as PodSpec)];

    for (const pod of pods) {
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(Object.keys(resources.requests)).toEqual(['cpu', 'memory']);
        expect(resources.limits['memory']).toBeDefined();
      }
    }
    for (const workload of workloads(manifests)) {
      expect(podOf(workload)).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    }
  });

  it.each(['no values', ...CI_VALUES])('probes the three health paths on a port that exists: %s', (name) => {
    for (const workload of workloads(named(name))) {
      const [container] = podOf(workload).containers;
      const ports = container!.ports!.map((port) => port.name);
      const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;

      expect(probes.map((probe) => container![probe]!.httpGet.path)).toEqual([
        '/health/startup',
        '/health/live',
        '/health/ready',
      ]);
      for (const probe of probes) expect(ports).toContain(container![probe]!.httpGet.port);
    }
  });

  it.each(['no values', ...CI_VALUES])('keeps secrets out of the description of pods: %s', (name) => {
    for (const workload of workloads(named(name))) {
      for (const { name: variable, value } of Object.values(envOf(workload))) {
        if (value === undefined) continue;
        expect(variable).not.toMatch(/PASSWORD|SECRET|TOKEN$|DATABASE_URL|REDIS_URL|REPLICA_URLS/);
        expect(value).not.toMatch(/:\/\/[^/]*:[^/]*@/);
      }
    }
  });

  it.each(['no values', ...CI_VALUES])('names no variable twice: %s', (name) => {
    for (const workload of workloads(named(name))) {
      const names = podOf(workload).containers[0]!.env!.map((variable) => variable.name);

      expect(names.filter((variable, index) => names.indexOf(variable) !== index)).toEqual([]);
    }
  });

  it.each(['no values', ...CI_VALUES])('lets every selector and reference find what it is after: %s', (name) => {
    const manifests = named(name);
    const templates = workloads(manifests).map(
      ({ spec }) => spec.template as { metadata: { labels: Record<string, string> }; spec: PodSpec },
    );
    const selected = (labels: Record<string, string>) =>
      templates.filter(({ metadata }) =>
        Object.entries(labels).every(([key, value]) => metadata.labels[key] === value),
      );

    for (const service of of(manifests, 'Service')) {
      const pods = selected(service.spec.selector as Record<string, string>);
      expect(pods.length, service.metadata.name).toBe(
        service.metadata.name.endsWith('-metrics') ? templates.length : 1,
      );
      for (const { targetPort } of service.spec.ports as { targetPort: string }[]) {
        for (const pod of pods) expect(pod.spec.containers[0]!.ports!.map((port) => port.name)).toContain(targetPort);
      }
    }
    for (const workload of workloads(manifests)) {
      expect(selected(workload.spec.selector.matchLabels as Record<string, string>)).toEqual([workload.spec.template]);
      const volumes = podOf(workload).volumes.map((volume) => volume.name);
      for (const mount of podOf(workload).containers[0]!.volumeMounts!) expect(volumes).toContain(mount.name);
    }
    for (const budget of of(manifests, 'PodDisruptionBudget')) {
      expect(selected(budget.spec.selector.matchLabels as Record<string, string>)).toHaveLength(1);
    }
    for (const scaler of of(manifests, 'HorizontalPodAutoscaler')) {
      const target = manifests.find(
        ({ kind, metadata }) =>
          kind === scaler.spec.scaleTargetRef.kind && metadata.name === scaler.spec.scaleTargetRef.name,
      );
      // An autoscaler and a fixed number would fight at every upgrade.
      expect(target?.spec.replicas, scaler.metadata.name).toBeUndefined();
      expect(target).toBeDefined();
    }
    for (const monitor of of(manifests, 'ServiceMonitor')) {
      const labels = Object.entries(monitor.spec.selector.matchLabels as Record<string, string>);
      const services = of(manifests, 'Service').filter(({ metadata }) =>
        labels.every(([key, value]) => metadata.labels?.[key] === value),
      );
      expect(services.map(({ metadata }) => metadata.name)).toEqual(['rel-devops-simulator-metrics']);
    }
  });

  it.each(['no values', ...CI_VALUES])('refers to keys that its own Secrets have: %s', (name) => {
    const manifests = named(name);
    const secrets = new Map(
      of(manifests, 'Secret').map((one) => [one.metadata.name, Object.keys({ ...one.data, ...one.stringData })]),
    );

    for (const variable of workloads(manifests).flatMap((workload) => Object.values(envOf(workload)))) {
      const reference = variable.valueFrom?.secretKeyRef;
      if (!reference) continue;
      if (reference.name.startsWith('rel-'))
        expect(secrets.get(reference.name), variable.name).toContain(reference.key);
      else expect(reference.name).toMatch(/^my-/);
    }
  });

  it('makes secrets that the product accepts', () => {
    const secret = of(render(), 'Secret')[0]!;
    const value = (key: string): string => Buffer.from(secret.data![key]!, 'base64').toString();

    expect(value('jwt-secret')).toMatch(/^\w{48}$/);
    expect(value('admin-password')).toMatch(/^\w{20}$/);
    expect(value('ingest-token')).toMatch(/^dsim_[0-9a-f]{16}_[0-9a-f]{64}$/);
  });

  it('starts new pods when a connection changes, and only then', () => {
    const checksum = (...more: readonly string[]): string =>
      workloads(render('--set', 'database.url=postgres://a/b', ...more))[0]!.spec.template.metadata.annotations[
        'checksum/connections'
      ];

    expect(checksum()).toBe(checksum('--set', 'config.OBSERVABILITY_LOG_LEVEL=debug'));
    expect(checksum()).not.toBe(checksum('--set', 'redis.url=redis://a'));
    expect(checksum()).not.toBe(checksum('--set', 'database.url=postgres://a/c'));
  });

  it('writes numbers and booleans of the settings as the product reads them', () => {
    const env = envOf(workloads(renderWith('split-values.yaml'))[0]!);

    expect(env['HTTP_BODY_LIMIT_BYTES']!.value).toBe('2097152');
    expect(env['ANOMALY_DETECTION_SENSITIVITY']!.value).toBe('4.5');
    expect(env['TELEMETRY_HOST_SOURCE_ENABLED']!.value).toBe('false');
    expect(env['HTTP_PUBLIC_URL']!.value).toBe('https://dsim.example.com');
  });

  it('asks whether the release is ready with a program that runs', () => {
    const [container] = (of(render(), 'Pod')[0]!.spec as PodSpec).containers;
    const [node, option, program] = container!.command!;

    expect([node, option]).toEqual(['node', '-e']);
    expect(spawnSync(process.execPath, ['--check', '-'], { input: program, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(program).toContain('http://rel-devops-simulator:80/health/ready');
  });

  it('takes every secret from where the operator keeps it', () => {
    const env = envOf(workloads(renderWith('secrets-values.yaml'))[0]!);
    const origin = (name: string): string | undefined => {
      const reference = env[name]?.valueFrom?.secretKeyRef;
      return reference && `${reference.name}/${reference.key}`;
    };

    expect(origin('AUTH_JWT_SECRET')).toBe('my-auth/jwt-secret');
    expect(origin('DATABASE_URL')).toBe('my-database/url');
    expect(origin('DATABASE_REPLICA_URLS')).toBe('my-database/replicas');
    expect(origin('REDIS_URL')).toBe('my-redis/url');
    expect(origin('NOTIFICATIONS_WEBHOOK_SECRET')).toBe('my-notifications/webhook');
    expect(env['HTTP_SHUTDOWN_DELAY_SECONDS']!.value).toBe('10');
    expect(env['TELEMETRY_INGEST_TOKEN']!.valueFrom!.secretKeyRef!.optional).toBe(true);
  });

  it.each([
    ['a misspelt setting', '--set', 'config.HTTP_BODY_LIMIT_BITES=2048', 'HTTP_BODY_LIMIT_BITES'],
    ['a setting out of range', '--set', 'config.HTTP_BODY_LIMIT_BYTES=12', 'minimum'],
    ['an unknown flag', '--set', 'config.FEATURE_LIFE=true', 'FEATURE_LIFE'],
    ['a flag that is no boolean', '--set', 'config.FEATURE_LIVE=perhaps', 'FEATURE_LIVE'],
    ['a secret among the settings', '--set', 'config.NOTIFICATIONS_WEBHOOK_SECRET=abc', 'NOTIFICATIONS_WEBHOOK_SECRET'],
    ['a setting that the chart gives', '--set', 'config.HTTP_PORT=1', 'HTTP_PORT'],
    ['a misspelt value', '--set', 'database.tlsmode=disable', 'tlsmode'],
    ['a value that is none of the choices', '--set', 'database.tlsMode=sometimes', 'tlsMode'],
    ['an address of something else', '--set', 'database.url=mysql://a/b', 'database/url'],
    ['a profile for developers', '--set', 'profile=development', 'profile'],
    [
      'replicas without a Secret',
      '--set',
      'database.url=postgres://a/b,database.replicasSecretKey=x',
      'existingSecret',
    ],
  ])('refuses %s', (_, option, value, hint) => {
    const result = helm('template', 'rel', CHART, '--kube-version', '1.31', option, value);

    expect(result.status).not.toBe(0);
    expect(result.stderr).toContain(hint);
  });

  it('accepts what another chart that holds it may set', () => {
    expect(() => render('--set', 'global.imageRegistry=x', '--set', 'enabled=true')).not.toThrow();
  });

  it('leads scrapes past the public Service and the routes', () => {
    const manifests = render('--set', 'service.type=LoadBalancer', '--set', 'profile=experimental');
    const ports = (service: Manifest): readonly number[] =>
      (service.spec.ports as { port: number }[]).map(({ port }) => port);
    const [front, metrics] = of(manifests, 'Service');

    expect(ports(front!)).toEqual([80, 9002]);
    expect(ports(metrics!)).toEqual([9001]);
    expect(metrics!.spec).toMatchObject({ clusterIP: 'None' });
  });

  it('tells the operator what to do next', () => {
    const notes = readFileSync(join(CHART, 'templates/NOTES.txt'), 'utf8');
    // Helm prints notes only after it has asked a cluster, so they are rendered as a manifest here.
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'notes' }, data: { notes } };
    const text = (...more: readonly string[]): string =>
      of(render('--set-json', `extraManifests=${JSON.stringify([manifest])}`, ...more), 'ConfigMap')[0]!.data![
        'notes'
      ]!;

    expect(text()).toContain('as one pod with an embedded PostgreSQL.');
    expect(text()).toContain("get secret rel-devops-simulator-auth -o jsonpath='{.data.admin-password}'");
    expect(text()).toContain('url: http://rel-devops-simulator.ops:80/api/v1/write');
    expect(text('--set', 'database.url=postgres://a/b')).toContain('The queue runs on PostgreSQL.');
    expect(text('--set', 'database.url=postgres://a/b,config.REDIS_SENTINELS=a')).not.toContain('The queue runs on');
  });

  it('has room for every name it derives', () => {
    const manifests = render('--set', `fullnameOverride=${'n'.repeat(80)}`, '--set', 'database.url=postgres://a/b');

    for (const { metadata } of manifests) expect(metadata.name.length, metadata.name).toBeLessThanOrEqual(63);
  });

  it('alerts on what the rest of the repository alerts on', () => {
    const rules = readFileSync(join(CHART, 'rules/devops-simulator.yml'), 'utf8');

    expect(rules).toBe(readFileSync(join(CHART, '../config/monitoring/prometheus/rules/devops-simulator.yml'), 'utf8'));
    expect(of(renderWith('split-values.yaml'), 'PrometheusRule')[0]!.spec).toEqual(parse(rules));
  });
});
