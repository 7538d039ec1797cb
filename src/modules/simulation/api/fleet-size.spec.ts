import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../engine/scenario/parse-scenario.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { assertFleetSize, largestFleet } from './fleet-size.js';

const TEXT = `
dsim: 1
name: small
title: Small
teaches: How large a fleet can become.
duration: 10m
platform:
  regions:
    eu: { cloud: aws, location: eu-central-1, zones: [eu-a] }
  clusters:
    one: { region: eu, autoscaler: true, nodePools: { general: { nodes: 3, max: 7, cpu: 4, memory: 16Gi, disk: 100Gi, price: 0.2 } } }
    two: { region: eu, nodePools: { general: { nodes: 2, cpu: 4, memory: 16Gi, disk: 100Gi, price: 0.2 } } }
services:
  web:
    clusters: [one, two]
    replicas: 2
    operations: { home: { route: GET /, work: 5ms } }
  api:
    clusters: [one]
    replicas: 4
    operations: { list: { route: GET /items, work: 5ms } }
kubernetes:
  - apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: { name: web }
    spec:
      scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
      minReplicas: 2
      maxReplicas: 10
      metrics:
        - type: Resource
          resource: { name: cpu, target: { type: Utilization, averageUtilization: 60 } }
load:
  users: { to: web.home, rate: 20/s }
changes:
  - { at: 1m, scale: { service: api, replicas: 6 } }
  - { at: 2m, scale: { service: api, replicas: 1 } }
`;

describe('the size of a fleet', () => {
  const scenario: Scenario = parseScenario(TEXT, {
    file: 'small.yaml',
    read: () => {
      throw new Error('nothing is included');
    },
  });

  it('counts what autoscalers and planned scaling allow', () => {
    // web: 10 in each of two clusters; api: 6 at its largest. Nodes: 7 at most in one, 2 in two.
    expect(largestFleet(scenario)).toEqual({ pods: 26, nodes: 9 });
  });

  it('is refused beyond the limits, with the way out', () => {
    expect(() => assertFleetSize(scenario, { maxPods: 26, maxNodes: 9 })).not.toThrow();
    expect(() => assertFleetSize(scenario, { maxPods: 25, maxNodes: 8 })).toThrow(
      expect.objectContaining({
        code: 'simulation.invalid_request',
        issues: [
          { path: 'services', message: expect.stringMatching(/26 pods, more than the 25 of simulation.maxPods. Ask/) },
          { path: 'platform.clusters', message: expect.stringMatching(/9 nodes, more than the 8 of simulation.maxN/) },
        ],
      }),
    );
  });
});
