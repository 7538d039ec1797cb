import type { FaultKind } from '../../scenario/fault.types.js';

/** Seconds a fault of the matrix lasts where nothing else is said. */
export const FAULT_SECONDS = 1200;

/** What fills up or leaks takes its time. */
export const SLOW_FAULT_SECONDS: Readonly<Partial<Record<FaultKind, number>>> = {
  'memory-leak': 2400,
  'disk-full': 2400,
  'connection-leak': 2400,
  'replication-lag': 2400,
};

/**
 * Between which values the settings of a fault are drawn, log-uniformly; settings that are not named keep their default.
 * From what a careful eye would see to what nobody can miss.
 */
export const FAULT_RANGES: Readonly<
  Partial<Record<FaultKind, Readonly<Record<string, readonly [least: number, most: number]>>>>
> = {
  'cpu-stress': { cores: [0.2, 2] },
  'memory-leak': { rate: [200e3, 2e6] },
  'disk-full': { rate: [50e6, 400e6] },
  'network-latency': { delay: [0.05, 1] },
  'network-loss': { ratio: [0.02, 0.4] },
  'dns-failure': { ratio: [0.1, 1] },
  'dependency-slow': { factor: [3, 30] },
  'dependency-down': { ratio: [0.1, 1] },
  'replication-lag': { growth: [0.2, 1] },
  'connection-leak': { rate: [0.02, 0.5] },
  'lock-storm': { contention: [0.2, 5] },
  'cache-flush': { ratio: [0.5, 1] },
  'clock-skew': { offset: [61, 300] },
  'bad-deploy': { errorRatio: [0.02, 0.5], latencyFactor: [1, 5] },
  'config-error': { ratio: [0.05, 1] },
  'traffic-surge': { factor: [1.8, 5] },
  'noisy-neighbour': { ratio: [0.3, 0.9] },
};

/** Kinds whose target may be a share of its pods or nodes, and the shares that are drawn. */
export const SHARES: Readonly<Partial<Record<FaultKind, readonly number[]>>> = {
  'pod-kill': [0.34, 0.67, 1],
  'crash-loop': [0.34, 0.67, 1],
  'cpu-stress': [0.34, 1],
  'config-error': [0.34, 1],
  'node-drain': [0.2, 0.4],
  'node-loss': [0.2, 0.4],
};
