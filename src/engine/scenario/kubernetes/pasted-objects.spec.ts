import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { complaints, parseText } from '../../../../test/support/scenario/scenario-text.js';
import { parseHorizontalPodAutoscaler } from '../../scaling/hpa/parse-hpa.js';
import type { Scenario } from '../scenario.types.js';

const manifest = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../test/support/scenario/manifests', name), 'utf8');

const DEPLOYMENT = manifest('deployment.kubectl.yaml');
const HPA = manifest('hpa-v2.kubectl.yaml');
const HPA_V1 = manifest('hpa-v1.kubectl.yaml');
const CHART = manifest('chart.helm.yaml');

const SIGNALS = `signals:
  packets-per-second: request-rate-per-pod
  requests-per-second: request-rate
  queue_messages_ready: 12
`;
const QUERY = `signals: { 'sum(rate(http_requests_total{deployment="php-apache"}[2m]))': request-rate }\n`;

const scenario = (more: string, service = 'work: 20ms') => `dsim: 1
services: { php-apache: { ${service} } }
load: { users: { to: php-apache, rate: 10 } }
${more}`;

/** Objects as items of the list, as a user pastes them: indented below a dash. */
const pasted = (...objects: readonly string[]) =>
  `kubernetes:\n${objects.map((object) => `  -\n${object.replace(/^/gm, '    ')}\n`).join('')}`;
const notesOf = ({ notes = [] }: Scenario) => notes.map(({ path, message }) => `${path}: ${message}`);

describe('a Deployment as kubectl prints it', () => {
  it('gives the service what the scenario leaves out', () => {
    const [service] = parseText(scenario(pasted(DEPLOYMENT))).services;
    expect(service).toMatchObject({
      replicas: 3,
      version: '1.4.2',
      resources: { cpuRequest: 0.2, cpuLimit: 0.5, memoryRequest: 128 * 2 ** 20, memoryLimit: 256 * 2 ** 20 },
      rollout: { strategy: 'rolling', maxSurge: { share: 0.5 }, maxUnavailable: { pods: 0 } },
      // 20 s of delay less 5 s of start, then a second success after 4 s, and half a period until the first.
      startup: { pull: 5, start: 5, ready: 21 },
      terminationGrace: 45,
    });
  });

  it('says what of it is not simulated, and where that stands', () => {
    const text = scenario(pasted(DEPLOYMENT));
    const { notes = [] } = parseText(text);
    expect(notes.map(({ path }) => path)).toEqual([
      'kubernetes[0].spec.minReadySeconds',
      'kubernetes[0].spec.template.spec.containers[0].name',
      'kubernetes[0].spec.template.spec.containers[1].livenessProbe',
      'kubernetes[0].spec.template.spec.containers[1].resources.requests.ephemeral-storage',
      'kubernetes[0].spec.template.spec.topologySpreadConstraints',
    ]);
    for (const { line, path } of notes) {
      const written = text.split('\n')[line - 1]!;
      expect(written).toContain(path.endsWith('.name') ? 'name: istio-proxy' : path.split('.').at(-1)!);
    }
  });

  it('is overruled by the block of the service, field by field, and says so', () => {
    const own = 'work: 20ms, replicas: 7, version: v9, resources: { requests: { cpu: 300m } }, terminationGrace: 5s';
    const read = parseText(scenario(pasted(DEPLOYMENT), own));
    expect(read.services[0]).toMatchObject({
      replicas: 7,
      version: 'v9',
      resources: { cpuRequest: 0.3, cpuLimit: 0.5, memoryRequest: 128 * 2 ** 20 },
      terminationGrace: 5,
    });
    expect(notesOf(read)).toEqual(
      expect.arrayContaining([
        'kubernetes[0].spec.replicas: is not used: the service has `replicas` of its own',
        'kubernetes[0].spec.template.spec.containers[1].image: is not used: the service has `version` of its own',
        'kubernetes[0].spec.template.spec.containers[1].resources.requests.cpu: is not used: the service has `resources.requests.cpu` of its own',
        'kubernetes[0].spec.template.spec.terminationGracePeriodSeconds: is not used: the service has `terminationGrace` of its own',
      ]),
    );
  });

  it('is refused where Kubernetes would refuse it', () => {
    const broken = DEPLOYMENT.replace('replicas: 3', 'replicas: -3').replace('maxSurge: 50%', 'maxSurge: half');
    const lines = complaints(scenario(pasted(broken)));
    expect(lines).toEqual([
      expect.stringMatching(/: kubernetes\[0\]\.spec\.replicas: must be a whole number from 0 to 5000, not -3$/),
      expect.stringMatching(/\.rollingUpdate\.maxSurge: must be a number of pods or a percentage such as 25%$/),
    ]);
  });
});

describe('an HPA as kubectl prints it', () => {
  it('is read with every kind of metric, status and annotations left alone', () => {
    const read = parseText(scenario(`${pasted(HPA)}${SIGNALS}`));
    const [autoscaler] = read.autoscalers;
    expect(autoscaler?.kind === 'hpa' && autoscaler.object).toEqual(parseHorizontalPodAutoscaler(parse(HPA)));
    expect(autoscaler?.signals).toEqual({
      'packets-per-second': { signal: 'request-rate-per-pod', service: 'php-apache' },
      'requests-per-second': { signal: 'request-rate', service: 'php-apache' },
      queue_messages_ready: { signal: 'constant', value: 12 },
    });
    expect(notesOf(read)).toEqual([]);
  });

  it('asks for the values of its metrics, with the line to add', () => {
    expect(complaints(scenario(pasted(HPA))).map((line) => line.replace(/^.*?: /, ''))).toEqual([
      expect.stringContaining('bind it under `signals`: "packets-per-second": request-rate-per-pod of php-apache'),
      expect.stringContaining('"requests-per-second"'),
      expect.stringContaining('"queue_messages_ready"'),
    ]);
  });

  it('of autoscaling/v1 is the same object: targets in annotations count', () => {
    const read = parseText(scenario(`${pasted(HPA_V1)}${SIGNALS}`));
    const [autoscaler] = read.autoscalers;
    const wanted = parseHorizontalPodAutoscaler(parse(HPA)).spec;
    const spec = autoscaler?.kind === 'hpa' ? autoscaler.object.spec : undefined;
    const byType = (metrics: typeof wanted.metrics) => metrics?.toSorted((a, b) => a.type.localeCompare(b.type));
    expect(byType(spec?.metrics)).toEqual(byType(wanted.metrics));
    expect(spec).toEqual({ ...wanted, metrics: spec?.metrics });
  });

  it('of autoscaling/v1 without any target aims at 80 % of the CPU request', () => {
    const bare = HPA_V1.replace(/^ {2}annotations:\n(?: {4}.*\n)+/m, '').replace(/^.*targetCPU.*\n/m, '');
    const [autoscaler] = parseText(scenario(pasted(bare))).autoscalers;
    expect(autoscaler?.kind === 'hpa' && autoscaler.object.spec.metrics).toEqual([
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ]);
  });

  it('of older betas is read as well', () => {
    const beta2 = HPA.replace('autoscaling/v2', 'autoscaling/v2beta2');
    const beta1 = `apiVersion: autoscaling/v2beta1
kind: HorizontalPodAutoscaler
metadata: { name: php-apache }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: php-apache }
  maxReplicas: 10
  metrics: [{ type: Resource, resource: { name: memory, targetAverageValue: 100Mi } }]
`;
    expect(complaints(scenario(`${pasted(beta2)}${SIGNALS}`))).toEqual([]);
    const [autoscaler] = parseText(scenario(pasted(beta1))).autoscalers;
    expect(autoscaler?.kind === 'hpa' && autoscaler.object.spec.metrics).toMatchObject([
      {
        type: 'Resource',
        resource: { name: 'memory', target: { type: 'AverageValue', averageValue: { text: '100Mi' } } },
      },
    ]);
  });

  it.each([
    [
      'a target that is none',
      HPA_V1.replace('Percentage: 50', 'Percentage: -5'),
      'spec.targetCPUUtilizationPercentage',
    ],
    [
      'an annotation that is no JSON',
      HPA_V1.replace('\'[{"type":"ContainerResource"', "'[{type"),
      'metadata.annotations["autoscaling.alpha.kubernetes.io/metrics"]: is no valid JSON',
    ],
  ])('of autoscaling/v1 shows %s where it stands', (_, text, message) => {
    expect(complaints(scenario(`${pasted(text)}${SIGNALS}`)).join('\n')).toContain(`kubernetes[0].${message}`);
  });

  it.each([
    ['StatefulSet', 'must be Deployment, as services are, not StatefulSet'],
    ['Rollout', 'must be Deployment, as services are, not Rollout'],
  ])('of a %s is refused', (kind, message) => {
    const text = HPA.replace('    kind: Deployment', `    kind: ${kind}`);
    expect(complaints(scenario(`${pasted(text)}${SIGNALS}`)).join('\n')).toContain(message);
  });

  it('is one at most for a service', () => {
    const second = HPA.replace('name: php-apache\n  namespace', 'name: other\n  namespace');
    expect(complaints(scenario(`${pasted(HPA, second)}${SIGNALS}`)).join('\n')).toContain(
      '"php-apache" is scaled by "php-apache" already; keep one of them',
    );
  });
});

describe('several objects', () => {
  it('come from a chart: other kinds are left out, and noted', () => {
    const files = { 'chart.yaml': CHART };
    const read = parseText(scenario(`kubernetes: [{ file: chart.yaml }]\n${QUERY}`), { files });
    expect(read.services[0]).toMatchObject({ replicas: 4, version: '2.0.0' });
    expect(read.autoscalers).toMatchObject([{ kind: 'keda', service: 'php-apache' }]);
    expect(notesOf(read).map((line) => line.replace(/^[^:]*: /, ''))).toEqual([
      'ServiceAccount is left out; the simulation reads HorizontalPodAutoscaler, ScaledObject or Deployment',
      'Service is left out; the simulation reads HorizontalPodAutoscaler, ScaledObject or Deployment',
    ]);
    expect(read.notes?.[0]).toMatchObject({ file: 'chart.yaml', line: 4, column: 7 });
  });

  it('come in a List, in YAML or JSON, pasted or in a file', () => {
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      metadata: { resourceVersion: '' },
      items: [parse(DEPLOYMENT), parse(HPA)],
    };
    const json = JSON.stringify(list);
    for (const text of [`kubernetes: [${json}]\n`, 'kubernetes: [{ file: list.json, clusters: [eu-1] }]\n']) {
      const read = parseText(scenario(`${text}${SIGNALS}`), { files: { 'list.json': json } });
      expect(read.services[0]?.replicas).toBe(3);
      expect(read.autoscalers).toHaveLength(1);
    }
  });

  it.each([
    [
      'a manifest of other things',
      'apiVersion: v1\nkind: Service\n',
      '"m.yaml" has no HorizontalPodAutoscaler, ScaledObject, Deployment',
    ],
    [
      'a kind that is misspelt',
      'apiVersion: apps/v1\nkind: Deploymnt\n---\napiVersion: apps/v1\nkind: Deployment\n',
      'm.yaml:2:7: kubernetes[0].objects[0].kind: there is no kind Deploymnt; did you mean "Deployment"?',
    ],
    ['a values file', 'replicas: 3\n', '"m.yaml" has no HorizontalPodAutoscaler'],
    ['a template that was not rendered', 'kind: {{ .Values.kind }}\n', 'm.yaml:1:'],
    [
      'an object of a service that is not there',
      HPA.replace('    name: php-apache\nstatus', '    name: php-apach\nstatus'),
      'there is no service "php-apach"; did you mean "php-apache"?',
    ],
  ])('%s: says what is wrong and where', (_, text, message) => {
    const lines = complaints(scenario(`kubernetes: [{ file: m.yaml }]\n${SIGNALS}`), { files: { 'm.yaml': text } });
    expect(lines.join('\n')).toContain(message);
  });

  it.each([
    ['a path alone', 'kubernetes: [cart.yaml]\n', 'to read a manifest write { file: cart.yaml }'],
    [
      'a block of text',
      'kubernetes:\n  - |\n    apiVersion: v1\n    kind: Deployment\n',
      'paste the object itself, without the | in front',
    ],
    ['an object without kind', 'kubernetes: [{ apiVersion: apps/v1 }]\n', 'kind: is missing'],
    [
      'an object without version',
      'kubernetes: [{ kind: Deployment }]\n',
      'apiVersion: is missing; must be the version of the object',
    ],
    [
      'one object, not in a list',
      'kubernetes: { kind: Deployment }\n',
      'must be a list; put `- ` in front of each item',
    ],
  ])('%s: says how to write it', (_, more, message) => {
    expect(complaints(scenario(more)).join('\n')).toContain(message);
  });
});

describe('notes', () => {
  it('tell of faults and changes that the run does not live to see', () => {
    const more = `duration: 1h
faults: [{ kind: pod-kill, at: 2h, target: { service: php-apache } }]
changes: [{ at: 59m, restart: php-apache }, { at: 1h, restart: php-apache }]
`;
    expect(notesOf(parseText(scenario(more)))).toEqual([
      'faults[0].at: the run ends before, after 1h',
      'changes[1].at: the run ends before, after 1h',
    ]);
  });
});
