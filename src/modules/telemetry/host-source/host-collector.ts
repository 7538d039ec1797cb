import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { EpochMs } from '../../../kernel/clock.js';
import { FilesystemSizes } from './filesystem-sizes.js';
import type { HostSample } from './host-sample.js';
import {
  parseDiskStats,
  parseLoadAverage,
  parseMemInfo,
  parseMounts,
  parseNetDev,
  parseProcStat,
} from './proc-parsers.js';
import { SampleList } from './sample-list.js';

const MEMORY_FIELDS = ['MemTotal', 'MemFree', 'MemAvailable', 'Buffers', 'Cached', 'SwapTotal', 'SwapFree'] as const;

/**
 * Reads the machine we run on, with the names, labels and units of node_exporter: on Linux from /proc, elsewhere what
 * node:os offers (CPU, memory, load, the disk we run from). A file that is missing or unreadable costs only its own
 * samples. Labels `instance` (host name) and `job="node"` stand for the target.
 */
export class HostCollector {
  private readonly filesystems = new FilesystemSizes();

  constructor(
    private readonly procFolder = '/proc',
    private readonly hostname = os.hostname(),
  ) {}

  async collect(now: EpochMs): Promise<HostSample[]> {
    const list = new SampleList({ instance: this.hostname, job: 'node' });
    const [stat, loadAverage, memInfo, diskStats, netDev, mounts, domainName] = await Promise.all(
      ['stat', 'loadavg', 'meminfo', 'diskstats', 'net/dev', 'self/mounts', 'sys/kernel/domainname'].map((file) =>
        this.read(file),
      ),
    );
    list.gauge('node_time_seconds', now / 1000);
    if (stat === undefined) addCpuOfOs(list, now);
    else addProcStat(list, stat);
    addLoad(list, loadAverage);
    addMemory(list, memInfo);
    addDisks(list, diskStats);
    addNetwork(list, netDev);
    await this.addFilesystems(list, mounts);
    list.gauge('node_uname_info', 1, {
      sysname: os.type(),
      release: os.release(),
      version: os.version(),
      machine: os.machine(),
      nodename: os.hostname(),
      ...(domainName === undefined ? {} : { domainname: domainName.trim() }),
    });
    return list.samples;
  }

  private async addFilesystems(list: SampleList, mounts: string | undefined): Promise<void> {
    const root = path.parse(process.cwd()).root;
    const known = mounts === undefined ? [{ device: root, mountpoint: root, fstype: 'unknown' }] : parseMounts(mounts);
    for (const { mount, sizeBytes, freeBytes, availableBytes } of await this.filesystems.read(known)) {
      const labels = { device: mount.device, fstype: mount.fstype, mountpoint: mount.mountpoint };
      list.gauge('node_filesystem_size_bytes', sizeBytes, labels);
      list.gauge('node_filesystem_free_bytes', freeBytes, labels);
      list.gauge('node_filesystem_avail_bytes', availableBytes, labels);
    }
  }

  private async read(file: string): Promise<string | undefined> {
    return readFile(path.join(this.procFolder, file), 'utf8').catch(() => undefined);
  }
}

function addProcStat(list: SampleList, text: string): void {
  const stat = parseProcStat(text);
  for (const [cpu, modes] of stat.cpuSeconds) {
    for (const [mode, seconds] of modes) list.counter('node_cpu_seconds_total', seconds, { cpu, mode });
  }
  list.gauge('node_boot_time_seconds', stat.bootTimeSeconds);
  list.counter('node_context_switches_total', stat.contextSwitches);
  list.gauge('node_procs_running', stat.processesRunning);
  list.gauge('node_procs_blocked', stat.processesBlocked);
}

function addCpuOfOs(list: SampleList, now: EpochMs): void {
  os.cpus().forEach(({ times }, cpu) => {
    const modes = { user: times.user, nice: times.nice, system: times.sys, idle: times.idle, irq: times.irq };
    for (const [mode, ms] of Object.entries(modes)) {
      list.counter('node_cpu_seconds_total', ms / 1000, { cpu: String(cpu), mode });
    }
  });
  list.gauge('node_boot_time_seconds', Math.round(now / 1000 - os.uptime()));
}

function addLoad(list: SampleList, text: string | undefined): void {
  // Windows has no load average: node:os answers zeros, which would be a lie.
  const ofOs = os.platform() === 'win32' ? undefined : os.loadavg();
  const load = (text === undefined ? undefined : parseLoadAverage(text)) ?? ofOs;
  list.gauge('node_load1', load?.[0]);
  list.gauge('node_load5', load?.[1]);
  list.gauge('node_load15', load?.[2]);
}

function addMemory(list: SampleList, text: string | undefined): void {
  if (text === undefined) {
    list.gauge('node_memory_MemTotal_bytes', os.totalmem());
    list.gauge('node_memory_MemFree_bytes', os.freemem());
    return;
  }
  const memory = parseMemInfo(text);
  for (const field of MEMORY_FIELDS) list.gauge(`node_memory_${field}_bytes`, memory.get(field));
}

function addDisks(list: SampleList, text: string | undefined): void {
  for (const disk of parseDiskStats(text ?? '')) {
    const labels = { device: disk.device };
    list.counter('node_disk_reads_completed_total', disk.readsCompleted, labels);
    list.counter('node_disk_read_bytes_total', disk.readBytes, labels);
    list.counter('node_disk_writes_completed_total', disk.writesCompleted, labels);
    list.counter('node_disk_written_bytes_total', disk.writtenBytes, labels);
    list.counter('node_disk_io_time_seconds_total', disk.ioTimeSeconds, labels);
  }
}

function addNetwork(list: SampleList, text: string | undefined): void {
  for (const { device, ...directions } of parseNetDev(text ?? '')) {
    for (const direction of ['receive', 'transmit'] as const) {
      for (const unit of ['bytes', 'packets', 'errs'] as const) {
        list.counter(`node_network_${direction}_${unit}_total`, directions[direction][unit], { device });
      }
    }
  }
}
