/** Two services and no plans: small, so that a test is quick. */
export const SMALL_SCENARIO = `
dsim: 1
name: small
title: Small
teaches: How the service runs a simulation.
start: 2026-01-05T00:00:00Z
duration: 10m
seed: 7
platform:
  regions:
    eu: { cloud: aws, location: eu-central-1, zones: [eu-a, eu-b] }
  clusters:
    main:
      region: eu
      nodePools:
        general: { nodes: 3, cpu: 4, memory: 16Gi, disk: 100Gi, price: 0.2, startup: 60s }
services:
  web:
    replicas: 2
    resources: { requests: { cpu: 250m, memory: 128Mi }, limits: { cpu: 1, memory: 256Mi } }
    operations:
      home:
        route: GET /
        work: { mean: 5ms, p99: 20ms }
        cpu: 3ms
        calls:
          - { call: api.list, timeout: 1s, retries: 1 }
  api:
    replicas: 2
    resources: { requests: { cpu: 250m, memory: 128Mi }, limits: { cpu: 1, memory: 256Mi } }
    operations:
      list:
        route: GET /items
        work: { mean: 8ms, p99: 30ms }
        cpu: 5ms
load:
  users:
    to: web.home
    rate: 20/s
slos:
  - { name: browsing, entry: users, objective: 99%, latency: 500ms }
`;
