import { describe, expect, it } from 'vitest';
import {
  parseDiskStats,
  parseLoadAverage,
  parseMemInfo,
  parseMounts,
  parseNetDev,
  parseProcStat,
} from './proc-parsers.js';

describe('parseProcStat', () => {
  it('reads CPU time in seconds, and the counts', () => {
    const stat = parseProcStat(
      [
        'cpu  57226 0 7092 511851 1164 0 208 72 0 0',
        'cpu0 28429 5 3464 256753 60 1 77 35 0 0',
        'cpu11 28796 0 3628 255098 1103 0 130 37 0 0',
        'intr 1474101 0 0',
        'ctxt 3319034',
        'btime 1795225282',
        'processes 22258',
        'procs_running 2',
        'procs_blocked 0',
        'softirq 576791 0 66665',
      ].join('\n'),
    );
    expect([...stat.cpuSeconds.keys()]).toEqual(['0', '11']);
    expect(Object.fromEntries(stat.cpuSeconds.get('0')!)).toEqual({
      user: 284.29,
      nice: 0.05,
      system: 34.64,
      idle: 2567.53,
      iowait: 0.6,
      irq: 0.01,
      softirq: 0.77,
      steal: 0.35,
    });
    expect(stat).toMatchObject({
      bootTimeSeconds: 1795225282,
      contextSwitches: 3319034,
      processesRunning: 2,
      processesBlocked: 0,
    });
  });

  it('leaves out what an old kernel or a sandbox does not say', () => {
    const stat = parseProcStat('cpu0 1 2 3 4\nctxt x\n');
    expect([...stat.cpuSeconds.get('0')!.keys()]).toEqual(['user', 'nice', 'system', 'idle']);
    expect(stat.contextSwitches).toBeUndefined();
    expect(stat.bootTimeSeconds).toBeUndefined();
    expect(parseProcStat('').cpuSeconds.size).toBe(0);
  });
});

it('parseLoadAverage', () => {
  expect(parseLoadAverage('1.03 0.82 0.50 2/110 22258\n')).toEqual([1.03, 0.82, 0.5]);
  expect(parseLoadAverage('')).toBeUndefined();
  expect(parseLoadAverage('1.0 x 2.0')).toBeUndefined();
});

it('parseMemInfo turns kB into bytes and takes lines without a unit as counts', () => {
  const memory = parseMemInfo(
    'MemTotal:       24684096 kB\nActive(anon):  1584 kB\nHugePages_Total:       7\nbroken\n',
  );
  expect(Object.fromEntries(memory)).toEqual({
    MemTotal: 24684096 * 1024,
    'Active(anon)': 1584 * 1024,
    HugePages_Total: 7,
  });
});

it('parseDiskStats keeps whole disks, in bytes and seconds', () => {
  const text = [
    '   7       0 loop0 1 0 0 0 0 0 0 0 0 0 0',
    ' 254       0 vda 125269 34057 4411474 23720 32528 113577 8302872 17678 0 14672 43708 11584 18 1646296 2262 4199 46',
    ' 254       1 vda1 1 1 1 1 1 1 1 1 1 1 1',
    ' 259       0 nvme0n1 5 0 8 0 6 0 16 0 0 500 0',
    ' 259       1 nvme0n1p1 5 0 8 0 6 0 16 0 0 500 0',
    ' 253       0 zram0 9 0 0 0 0 0 0 0 0 0 0',
    ' 8 0 sdb 1 2',
    '',
  ].join('\n');
  expect(parseDiskStats(text)).toEqual([
    {
      device: 'vda',
      readsCompleted: 125269,
      readBytes: 4411474 * 512,
      writesCompleted: 32528,
      writtenBytes: 8302872 * 512,
      ioTimeSeconds: 14.672,
    },
    {
      device: 'nvme0n1',
      readsCompleted: 5,
      readBytes: 4096,
      writesCompleted: 6,
      writtenBytes: 8192,
      ioTimeSeconds: 0.5,
    },
  ]);
});

it('parseNetDev skips the header and the loopback, and takes names with a colon', () => {
  const text = [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    '    lo: 15819841   26683    0    0    0     0          0         0 15819841   26683    0    0    0     0       0          0',
    '  eth0:1313111227   42888    1    0    0     0          0         0  3284224   26166    2    0    0     0       0          0',
    'eth0:1:       10       2    0    0    0     0          0         0        5       1    0    0    0     0       0          0',
  ].join('\n');
  expect(parseNetDev(text)).toEqual([
    {
      device: 'eth0',
      receive: { bytes: 1313111227, packets: 42888, errs: 1 },
      transmit: { bytes: 3284224, packets: 26166, errs: 2 },
    },
    { device: 'eth0:1', receive: { bytes: 10, packets: 2, errs: 0 }, transmit: { bytes: 5, packets: 1, errs: 0 } },
  ]);
});

it('parseMounts keeps local file systems, each mount point once', () => {
  const text = [
    'proc /proc proc rw 0 0',
    'tmpfs /dev/shm tmpfs rw 0 0',
    'overlay / overlay rw,lowerdir=/x 0 0',
    'overlay /var/lib/docker/overlay2/abc/merged overlay rw 0 0',
    '/dev/sda1 /srv/my\\040disk ext4 rw 0 0',
    'nas:/export /mnt/nas nfs4 rw 0 0',
    '/dev/sdb1 /data ext4 rw 0 0',
    '/dev/mapper/data /data xfs rw 0 0',
    'short line',
  ].join('\n');
  expect(parseMounts(text)).toEqual([
    { device: 'overlay', mountpoint: '/', fstype: 'overlay' },
    { device: '/dev/sda1', mountpoint: '/srv/my disk', fstype: 'ext4' },
    { device: '/dev/mapper/data', mountpoint: '/data', fstype: 'xfs' },
  ]);
});
