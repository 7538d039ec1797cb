import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import type { Product } from '../../support/product.js';
import { exampleSeries } from '../../support/remote-write-sender.js';
import { SeriesWriter } from '../../support/series-writer.js';

const HISTORY_SECONDS = 30;
const SERIES_PER_WRITER = 1_000;

/** For workers: the example series are of pods, which are scored only where that is asked for. */
export const SCORES_PODS = { ANOMALY_DETECTION_SCORE_PODS: 'true' };

export interface Detection {
  readonly states: Readonly<Record<string, number>>;
  readonly scoredUntil: string | null;
  readonly lagSeconds: number | null;
}

/** An environment with a tick of a second, whose samples arrive while nobody scores them: a real backlog. */
export class Backlog {
  private constructor(
    private readonly api: Product,
    private readonly environmentId: string,
    private readonly writers: readonly SeriesWriter[],
    private readonly series: number,
  ) {}

  static async create(api: Product, series: number): Promise<Backlog> {
    const { id } = await api.ok<{ id: string }>('POST', 'environments', { name: 'Bench', tickSeconds: 1 });
    return new Backlog(api, id, writersOf(api, await SeriesWriter.token(api, id), series), series);
  }

  detection(): Promise<Detection> {
    return this.api.ok<Detection>('GET', `environments/${this.environmentId}/detection`);
  }

  /** While a worker runs: sends some history, and waits until most of the series are scored. */
  async learn(): Promise<void> {
    for (const writer of this.writers) await writer.backfill(HISTORY_SECONDS);
    await eventually('series are scored', async () => ((await this.detection()).states['ok'] ?? 0) > this.series / 2, {
      withinMs: 180_000,
    });
  }

  /** While none runs: samples arrive every second. */
  async pileUp(seconds: number): Promise<void> {
    for (const writer of this.writers) writer.start();
    await sleep(seconds * 1_000);
    await Promise.all(this.writers.map((writer) => writer.stop()));
  }

  scored(withinMs: number): Promise<unknown> {
    const caughtUp = async (): Promise<boolean> => (await this.detection()).lagSeconds! < 5;
    return eventually('the backlog is scored', caughtUp, { withinMs, everyMs: 500 });
  }
}

/** Counters that grow evenly, with noise. */
function writersOf(api: Product, token: string, series: number): SeriesWriter[] {
  const all = exampleSeries(series).map((one) => ({ ...one, metricType: 2 }));
  return Array.from({ length: Math.ceil(series / SERIES_PER_WRITER) }, (_, w) => {
    const own = all.slice(w * SERIES_PER_WRITER, (w + 1) * SERIES_PER_WRITER);
    return new SeriesWriter(
      api.url,
      token,
      own,
      (i, timeMs) => (timeMs / 1_000) * (5 + (i % 7)) + 3 * Math.sin(timeMs / 7_000 + i),
    );
  });
}
