import { expect } from 'vitest';
import { eventually } from './eventually.js';
import type { Product } from './product.js';
import type { OutgoingSeries } from './remote-write-sender.js';
import { SeriesWriter } from './series-writer.js';

interface Page<Item> {
  readonly items: readonly Item[];
}

interface Anomaly {
  readonly id: string;
  readonly seriesId: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'open' | 'ended';
  readonly score: number;
  readonly value: number;
  readonly yhat: number;
  readonly yhatLower: number;
  readonly yhatUpper: number;
}

interface Incident {
  readonly incidentId: string;
  readonly status: string;
  readonly severity: string;
  readonly title: string;
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly acknowledgedBy: string | null;
  readonly resolution: string | null;
  readonly anomalyCount: number;
  readonly evidence: readonly {
    readonly series: string;
    readonly value: number;
    readonly yhat: number;
    readonly score: number;
  }[];
  readonly timeline: readonly { readonly kind: string; readonly actor: string | null; readonly text: string }[];
}

const CALM_SECONDS = 120;
const USUAL = 10;
const BURST = 400;
/** In a burst the first three of these six leave their usual range. */
const SERIES: readonly OutgoingSeries[] = Array.from({ length: 6 }, (_, i) => ({
  labels: [
    ['__name__', i < 3 ? `checkout_queue_length_${i}` : `catalogue_cache_entries_${i}`],
    ['instance', i < 3 ? 'checkout-1:9100' : 'catalogue-1:9100'],
    ['job', i < 3 ? 'checkout' : 'catalogue'],
  ],
}));

export interface MainJobOptions {
  /** Called while the burst lasts and the incident is open. */
  readonly meanwhile?: () => Promise<void>;
  /** `user`: resolved by hand, once the anomalies have ended. `calm`: by the product, which must be set to do so soon. */
  readonly resolution: 'user' | 'calm';
}

/**
 * The product's main job from outside, through HTTP alone: an environment and a token are made, calm series are
 * written, then a burst; it must become anomalies, one incident, events on the live stream; somebody acknowledges, it
 * is resolved. `product` must be signed in.
 */
export async function rehearseMainJob(product: Product, { meanwhile, resolution }: MainJobOptions): Promise<void> {
  const environment = await product.ok<{ id: string }>('POST', 'environments', {
    name: `Rehearsal ${Date.now()}`,
    tickSeconds: 1,
  });
  let level = USUAL;
  const writer = new SeriesWriter(
    product.url,
    await SeriesWriter.token(product, environment.id),
    SERIES,
    (i, timeMs) => (i < 3 ? level : USUAL) + i + Math.sin(timeMs / 3_000 + i),
  );
  const live = await product.events(`live?environmentId=${environment.id}`);
  const path = `environments/${environment.id}`;
  try {
    await writer.backfill(CALM_SECONDS);
    writer.start();
    await eventually('history makes every series ready to be scored', async () => {
      const { states } = await product.ok<{ states: Record<string, number> }>('GET', `${path}/detection`);
      return states['ok'] === SERIES.length && states['learning'] === 0;
    });
    await live.waitFor('anomaly-detection.tick-scored');
    expect((await product.ok<Page<Anomaly>>('GET', `${path}/anomalies`)).items).toEqual([]);

    level = BURST;
    const anomalies = await eventually('an anomaly of each series in the burst', async () => {
      const { items } = await product.ok<Page<Anomaly>>('GET', `${path}/anomalies?state=open`);
      return items.length === 3 && items;
    });
    for (const anomaly of anomalies) {
      expect(anomaly.labels['job']).toBe('checkout');
      expect(anomaly.score).toBeGreaterThan(1);
      expect(anomaly.value).toBeGreaterThan(anomaly.yhatUpper);
      expect(anomaly.yhat).toBeGreaterThan(USUAL - 5);
      expect(anomaly.yhat).toBeLessThan(USUAL + 10);
    }
    await expectScores(product, path, anomalies[0]!);

    const opened = await eventually('one incident with the whole evidence', async () => {
      const { items } = await product.ok<Page<Incident>>('GET', `incidents?environmentId=${environment.id}`);
      return items.length === 1 && items[0]!.anomalyCount === 3 && items[0];
    });
    expect(opened).toMatchObject({ status: 'open', sharedLabels: { job: 'checkout', instance: 'checkout-1:9100' } });
    await live.waitFor('incidents.incident-opened', ({ incidentId }) => incidentId === opened.incidentId);
    await meanwhile?.();

    const acknowledged = await product.ok<Incident>('POST', `incidents/${opened.incidentId}/acknowledge`, {
      note: 'looking',
    });
    expect(acknowledged).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'admin' });
    await live.waitFor('incidents.incident-acknowledged', ({ incidentId }) => incidentId === opened.incidentId);

    level = USUAL;
    await eventually('the anomalies end when the burst does', async () => {
      const { items } = await product.ok<Page<Anomaly>>('GET', `${path}/anomalies`);
      return items.length >= 3 && items.every(({ state }) => state === 'ended');
    });
    if (resolution === 'user') await product.ok('POST', `incidents/${opened.incidentId}/resolve`, { note: 'a sale' });
    await live.waitFor('incidents.incident-resolved', ({ incidentId }) => incidentId === opened.incidentId, 90_000);
    const resolved = await product.ok<Incident>('GET', `incidents/${opened.incidentId}`);
    expect(resolved).toMatchObject({ status: 'resolved', resolution });
    expect(resolved.evidence.map(({ series }) => series).sort()).toEqual(
      [0, 1, 2].map((i) => `checkout_queue_length_${i}{instance="checkout-1:9100",job="checkout"}`),
    );
    expect(resolved.timeline.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['opened', 'acknowledged', 'resolved']),
    );
    expect(writer.failure).toBeUndefined();
  } finally {
    live.close();
    await writer.stop();
  }
}

/** What was scored can be read again, with the band. */
async function expectScores(product: Product, path: string, { seriesId }: Anomaly): Promise<void> {
  type Column = readonly (number | null)[];
  const scores = await product.ok<
    Record<'score' | 'yhatUpper' | 'values', Column> & { readonly times: readonly number[] }
  >('GET', `${path}/scores?seriesId=${seriesId}`);
  const above = scores.times.flatMap((_, i) => ((scores.score[i] ?? 0) > 1 ? [i] : []));
  expect(above.length).toBeGreaterThan(0);
  for (const i of above) expect(scores.values[i]).toBeGreaterThan(scores.yhatUpper[i]!);
}
