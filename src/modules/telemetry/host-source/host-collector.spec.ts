import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostCollector } from './host-collector.js';

const NOW = 1_795_228_177_123;

describe('HostCollector', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'dsim-proc-'));
    await mkdir(path.join(folder, 'net'));
    await mkdir(path.join(folder, 'self'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const collect = async () => {
    const samples = await new HostCollector(folder, 'web-1').collect(NOW);
    return (name: string) => samples.filter((sample) => sample.labels['__name__'] === name);
  };

  it('names, labels and types what /proc says', async () => {
    await writeFile(
      path.join(folder, 'stat'),
      'cpu0 100 0 50 1000 0 0 0 0\nctxt 7\nbtime 1795225282\nprocs_running 3\n',
    );
    await writeFile(path.join(folder, 'meminfo'), 'MemTotal: 100 kB\nMemFree: 40 kB\n');
    await writeFile(path.join(folder, 'loadavg'), '0.5 0.4 0.3 1/2 3\n');
    await writeFile(path.join(folder, 'diskstats'), '8 0 sda 1 0 2 0 3 0 4 0 0 1500 0\n');
    await writeFile(path.join(folder, 'net/dev'), 'eth0: 1 2 3 0 0 0 0 0 4 5 6 0 0 0 0 0\n');
    await writeFile(
      path.join(folder, 'self/mounts'),
      `/dev/sda1 ${folder} ext4 rw 0 0\n/dev/gone /not/there ext4 rw 0 0\n`,
    );
    const found = await collect();
    const target = { instance: 'web-1', job: 'node' };
    expect(found('node_cpu_seconds_total')).toContainEqual({
      labels: { __name__: 'node_cpu_seconds_total', ...target, cpu: '0', mode: 'system' },
      metricType: 'counter',
      value: 0.5,
    });
    expect(found('node_memory_MemFree_bytes')).toEqual([
      { labels: { __name__: 'node_memory_MemFree_bytes', ...target }, metricType: 'gauge', value: 40960 },
    ]);
    expect(found('node_memory_SwapFree_bytes')).toEqual([]);
    expect(found('node_load15')[0]!.value).toBe(0.3);
    expect(found('node_disk_io_time_seconds_total')[0]).toMatchObject({ labels: { device: 'sda' }, value: 1.5 });
    expect(found('node_network_transmit_errs_total')[0]).toMatchObject({
      labels: { device: 'eth0' },
      metricType: 'counter',
      value: 6,
    });
    expect(found('node_filesystem_size_bytes')).toHaveLength(1);
    expect(found('node_filesystem_size_bytes')[0]).toMatchObject({
      labels: { device: '/dev/sda1', fstype: 'ext4', mountpoint: folder },
    });
    expect(found('node_time_seconds')[0]!.value).toBe(NOW / 1000);
    expect(found('node_boot_time_seconds')[0]!.value).toBe(1795225282);
    expect(found('node_uname_info')[0]).toMatchObject({ labels: { nodename: os.hostname() }, value: 1 });
  });

  it('falls back to node:os where there is no /proc', async () => {
    const found = await collect();
    expect(found('node_cpu_seconds_total').length).toBe(os.cpus().length * 5);
    expect(found('node_memory_MemTotal_bytes')[0]!.value).toBe(os.totalmem());
    expect(found('node_filesystem_avail_bytes')[0]!.value).toBeGreaterThan(0);
    expect(found('node_boot_time_seconds')[0]!.value).toBeCloseTo(NOW / 1000 - os.uptime(), -1);
    expect(found('node_disk_read_bytes_total')).toEqual([]);
  });

  it('never writes a series twice', async () => {
    const samples = await new HostCollector().collect(NOW);
    const names = samples.map(({ labels }) => JSON.stringify(labels));
    expect(new Set(names).size).toBe(names.length);
    expect(samples.every(({ value }) => Number.isFinite(value))).toBe(true);
  });
});
