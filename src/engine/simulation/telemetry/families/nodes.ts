import { counter, gauge } from './family.js';

/** node_exporter v1.8 */
export const NODES = {
  cpu: counter('node_cpu_seconds_total', 'Seconds the CPUs spent in each mode.'),
  load1: gauge('node_load1', '1m load average.'),
  load5: gauge('node_load5', '5m load average.'),
  load15: gauge('node_load15', '15m load average.'),
  memoryTotal: gauge('node_memory_MemTotal_bytes', 'Memory information field MemTotal_bytes.'),
  memoryAvailable: gauge('node_memory_MemAvailable_bytes', 'Memory information field MemAvailable_bytes.'),
  diskSize: gauge('node_filesystem_size_bytes', 'Filesystem size in bytes.'),
  diskAvailable: gauge('node_filesystem_avail_bytes', 'Filesystem space available to non-root users in bytes.'),
  received: counter('node_network_receive_bytes_total', 'Network device statistic receive_bytes.'),
  transmitted: counter('node_network_transmit_bytes_total', 'Network device statistic transmit_bytes.'),
  clockOffset: gauge('node_timex_offset_seconds', 'Time offset in between local system and reference clock.'),
  synchronized: gauge('node_timex_sync_status', 'Is clock synchronized to a reliable server (1 = yes, 0 = no).'),
  time: gauge('node_time_seconds', 'System time in seconds since epoch (1970).'),
  bootTime: gauge('node_boot_time_seconds', 'Node boot time, in unixtime.'),
} as const;
