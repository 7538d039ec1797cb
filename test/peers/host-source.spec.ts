import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostSample } from '../../src/modules/telemetry/host-source/host-sample.js';
import { HostCollector } from '../../src/modules/telemetry/host-source/host-collector.js';
import { NO_DISK, NO_FILESYSTEM, NO_MOUNT_POINT } from '../../src/modules/telemetry/host-source/proc-parsers.js';
import { describePeer, type PeerProcess, startPeer } from '../support/peers.js';

interface Scrape {
  readonly values: ReadonlyMap<string, number>;
  readonly types: ReadonlyMap<string, string>;
}

/** Name and labels as one text, without the labels that Prometheus adds for the target. */
function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([name]) => name !== 'instance' && name !== 'job')
      .sort(),
  );
}

function parseExposition(text: string): Scrape {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)/.exec(line);
    if (type !== null) types.set(type[1]!, type[2]!);
    const sample = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample === null) continue;
    const labels: Record<string, string> = { __name__: sample[1]! };
    for (const [, name, value] of (sample[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      labels[name!] = JSON.parse(`"${value}"`);
    values.set(keyOf(labels), Number(sample[3]));
  }
  return { values, types };
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Gauges that stay as they are while the machine runs. */
const CONSTANT = /^node_(memory_(MemTotal|SwapTotal)_bytes|boot_time_seconds|uname_info|filesystem_size_bytes)$/;

describePeer('prometheus-node-exporter', 'host source beside node_exporter', (binary) => {
  let exporter: PeerProcess;
  let before: Scrape;
  let after: Scrape;
  let samples: readonly HostSample[];

  beforeAll(async () => {
    const address = `127.0.0.1:${await freePort()}`;
    const scrape = async (): Promise<Scrape> =>
      parseExposition(await (await fetch(`http://${address}/metrics`)).text());
    exporter = await startPeer(
      binary('prometheus-node-exporter'),
      [
        `--web.listen-address=${address}`,
        '--collector.netdev.device-exclude=^lo$',
        `--collector.diskstats.device-exclude=${NO_DISK.source}`,
        `--collector.filesystem.fs-types-exclude=${NO_FILESYSTEM.source}`,
        `--collector.filesystem.mount-points-exclude=${NO_MOUNT_POINT.source}`,
      ],
      async () => (await fetch(`http://${address}/metrics`)).ok,
    );
    const collector = new HostCollector();
    before = await scrape();
    samples = await collector.collect(Date.now());
    after = await scrape();
  });
  afterAll(() => exporter?.stop());

  const nameOf = (sample: HostSample) => sample.labels['__name__']!;

  it('has only series that node_exporter has, with the same names, labels and types', () => {
    expect(samples.length).toBeGreaterThan(30);
    for (const sample of samples) {
      expect([...before.values.keys(), ...after.values.keys()]).toContain(keyOf(sample.labels));
      expect([nameOf(sample), sample.metricType]).toEqual([nameOf(sample), before.types.get(nameOf(sample))]);
    }
  });

  it('has every series of the names it covers', () => {
    const ours = new Set(samples.map(({ labels }) => keyOf(labels)));
    const names = new Set(samples.map(nameOf));
    const theirs = [...after.values.keys()].filter((key) => {
      const labels = Object.fromEntries(JSON.parse(key) as [string, string][]);
      return names.has(labels['__name__']!) && labels['fstype'] !== 'overlay';
    });
    for (const key of theirs) expect(ours).toContain(key);
  });

  it('has values between two scrapes', () => {
    for (const { labels, metricType, value } of samples) {
      const low = before.values.get(keyOf(labels))!;
      const high = after.values.get(keyOf(labels))!;
      const name = labels['__name__']!;
      if (metricType === 'counter' || name === 'node_time_seconds') {
        // One tick of a CPU, 0.01 s, may fall either way: the kernel sums idle time up at its own moments.
        expect([name, value >= low - 0.011 && value <= high + 0.011]).toEqual([name, true]);
      } else if (CONSTANT.test(name)) {
        expect([name, value]).toEqual([name, low]);
      } else if (name.startsWith('node_memory_') || name.startsWith('node_filesystem_')) {
        expect([name, Math.abs(value - low) <= Math.max(0.1 * low, 256 * 2 ** 20)]).toEqual([name, true]);
      }
    }
  });
});
