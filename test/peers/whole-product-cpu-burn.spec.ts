import { spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism, setPriority } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Product } from '../support/product.js';

const LIMIT_MS = 240_000;

interface Anomaly {
  readonly labels: Readonly<Record<string, string>>;
  readonly score: number;
}

interface Incident {
  readonly incidentId: string;
  readonly status: string;
  readonly title: string;
  readonly evidence: readonly { readonly series: string }[];
}

/** What the README promises a newcomer. Needs no other program, but minutes: that is why it is not among the fast tests. */
describe('a CPU burn on the machine that the product runs on', () => {
  let product: Product;
  const burners: ChildProcess[] = [];

  beforeAll(async () => {
    product = await Product.start({
      env: { ENVIRONMENTS_TICK_SECONDS: '5', TELEMETRY_HOST_SOURCE_INTERVAL_SECONDS: '1' },
    });
    await product.login();
  });
  afterAll(async () => {
    for (const burner of burners) burner.kill('SIGKILL');
    await product?.dispose();
  });

  it(
    'becomes an anomaly of the CPU and an incident, within a minute',
    async () => {
      const host = await eventually('an environment for the host', async () => {
        const { items } = await product.ok<{ items: { id: string; kind: string }[] }>('GET', 'environments');
        return items.find(({ kind }) => kind === 'host');
      });
      const path = `environments/${host.id}`;
      await eventually(
        'the usual load of this machine is learned',
        async () => {
          const { states } = await product.ok<{ states: Record<string, number> }>('GET', `${path}/detection`);
          return states['ok']! > 20 && states['learning'] === 0;
        },
        { withinMs: 150_000, everyMs: 1_000 },
      );

      const burning = Date.now();
      for (let i = 0; i < availableParallelism(); i++) burners.push(burn());
      const incident = await eventually(
        'an incident with the CPU among its evidence',
        async () => {
          const anomalies = await product.ok<{ items: Anomaly[] }>('GET', `${path}/anomalies?state=open`);
          if (!anomalies.items.some(({ labels }) => labels['__name__'] === 'node_cpu_seconds_total')) return undefined;
          const incidents = await product.ok<{ items: Incident[] }>('GET', 'incidents?status=open');
          return incidents.items.find(({ evidence }) =>
            evidence.some(({ series }) => series.startsWith('node_cpu_seconds_total')),
          );
        },
        { withinMs: 60_000, everyMs: 500 },
      );
      console.log(`incident after ${((Date.now() - burning) / 1_000).toFixed(0)} s of burning: ${incident.title}`);
      expect(incident.status).toBe('open');
    },
    LIMIT_MS,
  );
});

/** Politely: other tests may be running, whose load would otherwise drown ours, and which ours would slow down. */
function burn(): ChildProcess {
  const burner = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  setPriority(burner.pid!, 19);
  return burner;
}
