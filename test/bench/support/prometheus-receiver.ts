import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/embedded-server.js';
import { findPeer, startPeer } from '../../support/peers.js';
import { cpuOf, difference, type CpuSeconds } from './cpu-time.js';
import { send, type Sent } from './remote-write-load.js';

export const PROMETHEUS_COMMAND = 'prometheus --web.enable-remote-write-receiver';
const WARM_UP_REQUESTS = 3;

/** What Prometheus' own receiver makes of the same bodies from the same sender. Undefined where it is not installed. */
export async function measurePrometheus(
  bodies: readonly (readonly Buffer[])[],
  seconds: number,
): Promise<(Sent & { readonly cpu: CpuSeconds }) | undefined> {
  const binary = findPeer('prometheus');
  if (binary === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'dsim-bench-prometheus-'));
  const port = await freePort();
  writeFileSync(join(folder, 'prometheus.yml'), '');
  const peer = await startPeer(
    binary,
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
    ],
    async () => (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok,
  );
  try {
    const target = { port, path: '/api/v1/write', token: 'none' };
    await send(
      target,
      bodies.map((list) => list.slice(0, WARM_UP_REQUESTS)),
      60,
    );
    const before = cpuOf({ prometheus: peer.process.pid! });
    const sent = await send(
      target,
      bodies.map((list) => list.slice(WARM_UP_REQUESTS)),
      seconds,
    );
    return { ...sent, cpu: difference(before, cpuOf({ prometheus: peer.process.pid! })) };
  } finally {
    await peer.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
