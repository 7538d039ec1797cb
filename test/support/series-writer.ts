import { ask } from './http-client.js';
import type { Product } from './product.js';
import { WriteRequestEncoder, writeHeaders, type OutgoingSeries } from './remote-write-sender.js';

/** Writes what `valueOf` says to a product over remote write, as a Prometheus would: history first, then step by step. */
export class SeriesWriter {
  private readonly encoder: WriteRequestEncoder;
  private readonly headers: Readonly<Record<string, string>>;
  private lastMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private inFlight: Promise<void> = Promise.resolve();
  failure: Error | undefined;

  constructor(
    private readonly url: string,
    token: string,
    series: readonly OutgoingSeries[],
    /** Value of series i at a time in epoch milliseconds. */
    private readonly valueOf: (i: number, timeMs: number) => number,
    private readonly stepSeconds = 1,
  ) {
    this.encoder = new WriteRequestEncoder('v1', series);
    this.headers = { ...writeHeaders('v1'), authorization: `Bearer ${token}` };
  }

  /** A token that may write to one environment, and nothing else. */
  static async token(product: Product, environmentId: string): Promise<string> {
    const { token } = await product.ok<{ token: string }>('POST', 'api-tokens', {
      name: 'sender',
      permissions: ['telemetry:write'],
      environmentId,
    });
    return token;
  }

  /** One sample per step from `seconds` ago until now. */
  async backfill(seconds: number): Promise<void> {
    const now = this.latestStep();
    this.lastMs = now - Math.floor(seconds / this.stepSeconds) * this.stepMs;
    await this.writeUntil(now);
  }

  /** Keeps writing until `stop`: what could not be sent is sent with the next step. */
  start(): void {
    this.timer = setInterval(() => {
      this.inFlight = this.inFlight
        .then(() => this.writeUntil(this.latestStep()))
        .catch((error: Error) => void (this.failure = error));
    }, this.stepMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.inFlight;
  }

  private get stepMs(): number {
    return this.stepSeconds * 1_000;
  }

  private latestStep(): number {
    return Math.floor(Date.now() / this.stepMs) * this.stepMs;
  }

  private async writeUntil(nowMs: number): Promise<void> {
    const count = (nowMs - this.lastMs) / this.stepMs;
    if (count <= 0) return;
    const { series } = this.encoder;
    const times = new Float64Array(series.length * count);
    const values = new Float64Array(times.length);
    for (let i = 0; i < series.length; i++) {
      for (let k = 0; k < count; k++) {
        const at = i * count + k;
        times[at] = this.lastMs + (k + 1) * this.stepMs;
        values[at] = this.valueOf(i, times[at]!);
      }
    }
    const body = this.encoder.encodeCompressed(times, values);
    const answer = await ask(`${this.url}/api/v1/write`, { method: 'POST', headers: this.headers, body });
    if (answer.status !== 204) throw new Error(`write: ${answer.status} ${answer.text}`);
    this.lastMs = nowMs;
  }
}
