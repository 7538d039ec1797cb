/** Nearly every field of the language once, in one file. */
export const RICH = `dsim: 1
name: everything
title: Everything once
teaches: What the language has.
start: 2026-01-05T08:00
timeZone: Europe/Berlin
duration: 2h
seed: 7
telemetry: { scrapeInterval: 30s, durationBuckets: [10ms, 100ms, 1s], namespace: shop, logSampleRatio: 1% }
platform:
  regions:
    eu: { cloud: aws, location: eu-central-1, zones: [eu-a, eu-b] }
    us: { cloud: gcp, zones: 2 }
  clusters:
    eu-1:
      region: eu
      nodePools: { general: { zones: [eu-a], nodes: 3, min: 2, max: 9, cpu: 8, memory: 32Gi, disk: 200Gi, price: 0.4, startup: 2m } }
      autoscaler: { scanInterval: 20s, scaleDownUtilization: 40%, scaleDownUnneeded: 5m, scaleDownDelayAfterAdd: 5m }
    us-1: { region: us }
  latency: { sameZone: 100us, sameRegion: 2ms, betweenRegions: 90ms, pairs: [{ between: [eu, us], roundTrip: 85ms }] }
services:
  web:
    clusters: [eu-1, us-1]
    replicas: 3
    version: v1
    resources: { requests: { cpu: 250m, memory: 128Mi }, limits: { cpu: 1, memory: 512Mi } }
    startup: { pull: 3s, start: 4s, ready: 1s }
    concurrency: 32
    parallelism: 8
    queueLimit: 50
    memory: { base: 80Mi, perRequest: 128Ki }
    idleCpu: 20m
    rollout: { strategy: canary, steps: [{ weight: 10%, pause: 5m }, { weight: 50% }] }
    loadShedding: 200ms
    certificateExpires: 30d
    terminationGrace: 20s
    operations:
      home:
        route: GET /
        work: { mean: 8ms, p99: 40ms }
        cpu: 5ms
        clientErrors: 1%
        errors: 0.1%
        calls:
          - cart.request
          - { call: cart, probability: 50%, fanOut: 2, sequential: true, timeout: 500ms, retries: 2, optional: true }
          - parallel:
              - call: sessions
                pool: { size: 20, timeout: 1s }
                onMiss: [{ call: db.read, retries: { max: 1, backoff: 50ms, multiplier: 3, maxBackoff: 1s, budget: 20% } }]
              - { call: payments.call, breaker: { errorRatio: 30%, minimumCalls: 10, window: 20s, openFor: 10s } }
  cart: { work: { empirical: [1ms, 5ms, 20ms] }, rollout: { strategy: blue-green, promoteAfter: 2m }, calls: [{ call: db.write, pool: 10, breaker: true }, jobs] }
  worker: { work: { deterministic: 30ms }, consumes: { queue: jobs, operation: request }, rollout: { strategy: recreate } }
stores:
  db: { kind: database, cluster: eu-1, replicas: 2, cores: 8, memory: 32Gi, disk: 100Gi, diskUsed: 30%, bytesPerWrite: 2Ki, maxConnections: 300, read: 2ms, write: { exponential: 6ms }, contention: 2%, replicationLag: 20ms, failover: 40s, readFromReplicas: false }
  sessions: { kind: cache, latency: 300us, cores: 2, memory: 2Gi, hitRatio: 90%, keys: 50k, bytesPerKey: 2Ki }
  jobs: { kind: queue, partitions: 4, latency: 3ms }
  payments: { kind: external, region: us, latency: 100ms, errors: 0.5%, rateLimit: 200 }
load:
  shoppers:
    to: web.home
    rate: 120/s
    shape:
      - daily: { amplitude: 60%, peak: 20:30, sharpness: 2 }
      - weekly: [1, 1, 1, 1, 1.2, 0.8, 0.7]
      - trend: { perDay: 1% }
      - noise: { cv: 5%, correlation: 2m }
      - bursts: { perDay: 6, factor: 2, duration: 3m }
      - flashCrowd: { at: 30m, factor: 4, rise: 1m, hold: 5m, decay: 10m }
      - ramp: { at: 1h, duration: 10m, from: 1, to: 1.5 }
    client: { timeout: 8s, retries: 1 }
    weights: { eu-1: 70%, us-1: 30% }
    dnsTtl: 2m
  recorded: { to: cart, replay: { points: [[0s, 5], [10m, 9/s]], repeat: true, scale: 1.5 } }
kubernetes:
  - apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: { name: web }
    spec:
      scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
      minReplicas: 2
      maxReplicas: 10
      metrics: [{ type: Pods, pods: { metric: { name: rps }, target: { type: AverageValue, averageValue: 50 } } }]
signals: { rps: request-rate-per-pod }
faults:
  - { kind: network-latency, name: far, at: 10m, for: 5m, ramp: 1m, intensity: 50%, target: { service: web, to: { store: db } }, delay: 200ms }
  - { kind: bad-deploy, at: 20m, for: 5m, target: { service: cart, share: 50% }, errorRatio: 10%, latencyFactor: 2, leakPerRequest: 1Ki }
changes:
  - { at: 5m, deploy: { service: cart, version: v2, errorRatio: 1%, latencyFactor: 1.1, cpuFactor: 1.2, leakPerRequest: 100, crashAfter: 0, neverReady: false } }
  - { at: 6m, scale: { service: worker, replicas: 4 } }
  - { at: 7m, load: { entry: shoppers, factor: 1.2 } }
  - { at: 8m, traffic: { weights: { eu-1: 1, us-1: 0 } } }
  - { at: 9m, failover: db }
  - { at: 10m, restart: web }
slos: [{ name: fast, entry: shoppers, objective: 99.5%, latency: 500ms }]
expect:
  - { slo: fast, badRatio: at most 5%, budgetSpent: '<= 900%', harm: at most 30m }
  - { service: web, replicas: { min: at least 1, max: at most 12, mean: 1..9, final: 1..12, changes: at most 50 }, restarts: at most 0 }
  - { entry: shoppers, latency: { p50: at most 1s, p99: at most 5s }, errorRatio: at most 10% }
  - { fault: far, recovery: at most 10m, detection: at most 5m }
  - { queue: jobs, lag: { max: at most 5k, final: 0..10 } }
  - { cost: at most 90, incidents: 1, oomKills: 0, unschedulablePods: at most 3 }
`;
