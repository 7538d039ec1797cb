// Parsers of Linux' /proc (man 5 proc). Lines they cannot read are left out: kernels add fields and lines.

/** The kernel reports CPU time in these units, whatever its own tick (USER_HZ). */
const TICKS_PER_SECOND = 100;
const CPU_MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
/** The kernel counts disk sectors of this size on every device. */
const SECTOR_BYTES = 512;

export type CpuMode = (typeof CPU_MODES)[number];

export interface ProcStat {
  /** Seconds by CPU (`0`, `1`, ...) and mode. */
  readonly cpuSeconds: ReadonlyMap<string, ReadonlyMap<CpuMode, number>>;
  readonly bootTimeSeconds: number | undefined;
  readonly contextSwitches: number | undefined;
  readonly processesRunning: number | undefined;
  readonly processesBlocked: number | undefined;
}

export function parseProcStat(text: string): ProcStat {
  const cpuSeconds = new Map<string, Map<CpuMode, number>>();
  const single = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [key = '', ...fields] = line.trim().split(/\s+/);
    const cpu = /^cpu(\d+)$/.exec(key)?.[1];
    if (cpu === undefined) {
      single.set(key, Number(fields[0]));
      continue;
    }
    const modes = new Map<CpuMode, number>();
    CPU_MODES.forEach((mode, i) => {
      const ticks = Number(fields[i] ?? NaN);
      if (Number.isFinite(ticks)) modes.set(mode, ticks / TICKS_PER_SECOND);
    });
    cpuSeconds.set(cpu, modes);
  }
  const number = (key: string): number | undefined => finite(single.get(key));
  return {
    cpuSeconds,
    bootTimeSeconds: number('btime'),
    contextSwitches: number('ctxt'),
    processesRunning: number('procs_running'),
    processesBlocked: number('procs_blocked'),
  };
}

/** Load over 1, 5 and 15 minutes. */
export function parseLoadAverage(text: string): readonly [number, number, number] | undefined {
  const [one, five, fifteen] = text.trim().split(/\s+/).slice(0, 3).map(Number);
  if (finite(one) === undefined || finite(five) === undefined || finite(fifteen) === undefined) return undefined;
  return [one!, five!, fifteen!];
}

/** Bytes (or plain counts, for lines without a unit) by the names of /proc/meminfo. */
export function parseMemInfo(text: string): ReadonlyMap<string, number> {
  const entries = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^([^:]+):\s+(\d+)(\s+kB)?\s*$/.exec(line);
    if (match !== null) entries.set(match[1]!, Number(match[2]) * (match[3] === undefined ? 1 : 1024));
  }
  return entries;
}

export interface DiskStats {
  readonly device: string;
  readonly readsCompleted: number;
  readonly readBytes: number;
  readonly writesCompleted: number;
  readonly writtenBytes: number;
  readonly ioTimeSeconds: number;
}

/** Whole disks only: partitions, RAM disks and loop devices are left out, as node_exporter does. */
export const NO_DISK = /^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/;

export function parseDiskStats(text: string): readonly DiskStats[] {
  const disks: DiskStats[] = [];
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    const device = fields[2];
    const numbers = fields.slice(3).map(Number);
    if (device === undefined || numbers.length < 10 || !numbers.every(Number.isFinite) || NO_DISK.test(device))
      continue;
    disks.push({
      device,
      readsCompleted: numbers[0]!,
      readBytes: numbers[2]! * SECTOR_BYTES,
      writesCompleted: numbers[4]!,
      writtenBytes: numbers[6]! * SECTOR_BYTES,
      ioTimeSeconds: numbers[9]! / 1000,
    });
  }
  return disks;
}

export interface NetworkStats {
  readonly device: string;
  readonly receive: { readonly bytes: number; readonly packets: number; readonly errs: number };
  readonly transmit: { readonly bytes: number; readonly packets: number; readonly errs: number };
}

/** All interfaces but the loopback. */
export function parseNetDev(text: string): readonly NetworkStats[] {
  const interfaces: NetworkStats[] = [];
  for (const line of text.split('\n')) {
    const colon = line.lastIndexOf(':');
    if (colon < 0) continue;
    const device = line.slice(0, colon).trim();
    const numbers = line
      .slice(colon + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
    if (device === 'lo' || numbers.length < 11 || !numbers.every(Number.isFinite)) continue;
    interfaces.push({
      device,
      receive: { bytes: numbers[0]!, packets: numbers[1]!, errs: numbers[2]! },
      transmit: { bytes: numbers[8]!, packets: numbers[9]!, errs: numbers[10]! },
    });
  }
  return interfaces;
}

export interface Mount {
  readonly device: string;
  readonly mountpoint: string;
  readonly fstype: string;
}

/** Kernel interfaces and memory, and network file systems, whose `statfs` may hang for as long as a server is away. */
export const NO_FILESYSTEM =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|efivarfs|erofs|fuse\..*|fusectl|hugetlbfs|iso9660|mqueue|nsfs|proc|procfs|pstore|ramfs|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tmpfs|tracefs|9p|afs|beegfs|ceph|cifs|gfs2|glusterfs|lustre|ncpfs|nfs4?|ocfs2|smb3?|smbfs)$/;
export const NO_MOUNT_POINT = /^\/(dev|proc|run|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/;

/** Local file systems, each once. An overlay counts at `/` alone: there it is what a container has. */
export function parseMounts(text: string): readonly Mount[] {
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const [device, escaped, fstype] = line.split(' ');
    if (device === undefined || escaped === undefined || fstype === undefined) continue;
    const mountpoint = unescapeOctal(escaped);
    if (NO_FILESYSTEM.test(fstype) || NO_MOUNT_POINT.test(mountpoint)) continue;
    if (fstype === 'overlay' && mountpoint !== '/') continue;
    // A later mount on the same point hides the earlier one.
    mounts.set(mountpoint, { device: unescapeOctal(device), mountpoint, fstype });
  }
  return [...mounts.values()];
}

/** Blanks and backslashes in mount points are written as `\040`. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
