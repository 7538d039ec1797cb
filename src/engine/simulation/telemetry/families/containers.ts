import { counter, gauge } from './family.js';

/** cAdvisor as the kubelet serves it at /metrics/cadvisor (v0.49). */
export const CONTAINERS = {
  cpu: counter('container_cpu_usage_seconds_total', 'Cumulative cpu time consumed in seconds.'),
  periods: counter('container_cpu_cfs_periods_total', 'Number of elapsed enforcement period intervals.'),
  throttledPeriods: counter('container_cpu_cfs_throttled_periods_total', 'Number of throttled period intervals.'),
  throttledSeconds: counter(
    'container_cpu_cfs_throttled_seconds_total',
    'Total time duration the container has been throttled.',
  ),
  workingSet: gauge('container_memory_working_set_bytes', 'Current working set in bytes.'),
  rss: gauge('container_memory_rss', 'Size of RSS in bytes.'),
  memoryLimit: gauge('container_spec_memory_limit_bytes', 'Memory limit for the container.'),
  cpuQuota: gauge('container_spec_cpu_quota', 'CPU quota of the container.'),
  cpuPeriod: gauge('container_spec_cpu_period', 'CPU period of the container.'),
  received: counter('container_network_receive_bytes_total', 'Cumulative count of bytes received'),
  transmitted: counter('container_network_transmit_bytes_total', 'Cumulative count of bytes transmitted'),
} as const;

/** The kubelet's own metrics about volumes. */
export const VOLUMES = {
  capacity: gauge('kubelet_volume_stats_capacity_bytes', 'Capacity in bytes of the volume'),
  available: gauge('kubelet_volume_stats_available_bytes', 'Number of available bytes in the volume'),
  used: gauge('kubelet_volume_stats_used_bytes', 'Number of used bytes in the volume'),
} as const;
