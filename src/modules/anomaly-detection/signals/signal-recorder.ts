import { Injectable, Logger } from '@nestjs/common';
import { METRIC_NAME_LABEL } from '../../../kernel/time-series.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { DomainError } from '../../../kernel/errors.js';
import type { ServiceSignals } from '../../../engine/detection/service/service-signals.js';
import { SHARE_METRIC } from '../../../engine/detection/service/signals.types.js';
import { TelemetryWriter, type SeriesDescription } from '../../telemetry/index.js';
import type { EnvironmentSignals } from './environment-signals.js';

/** From this residual on it is recorded which signals made it. */
const SHARES_FROM = 1;
const SHARES = 5;

interface Value {
  readonly index: number;
  readonly at: EpochMs;
  readonly value: number;
}

interface Share {
  readonly index: number;
  readonly at: EpochMs;
  readonly description: SeriesDescription;
  readonly value: number;
}

/** Collects the values of some ticks, and records them as series of their own: as recording rules of Prometheus would. */
@Injectable()
export class SignalRecorder {
  private readonly logger = new Logger(SignalRecorder.name);

  constructor(private readonly telemetry: TelemetryWriter) {}

  collector(): SignalCollector {
    return new SignalCollector();
  }

  /** Idempotent: the same ticks give the same samples at the same times. */
  async record(environmentId: string, state: EnvironmentSignals, collected: SignalCollector): Promise<void> {
    await this.end(environmentId, state);
    await this.begin(environmentId, state, new Set(collected.values.map(({ index }) => index)));
    const values = collected.values.filter(({ index }) => state.recordedIds.has(index));
    const shares = collected.shares.filter(({ index }) => state.recordedIds.has(index));
    const shareIds =
      shares.length === 0
        ? new Int32Array(0)
        : await this.telemetry.resolveSeries(
            environmentId,
            shares.map(({ index, description }) => ({ ...description, derivedFrom: state.recordedIds.get(index)! })),
          );
    if (values.length + shares.length === 0) return;
    // Within the tick: tick t stands for samples before t.
    const time = ({ at }: { readonly at: EpochMs }): number => at - 1;
    await this.telemetry.append(environmentId, {
      seriesIds: Int32Array.from([...values.map(({ index }) => state.recordedIds.get(index)!), ...shareIds]),
      times: Float64Array.from([...values.map(time), ...shares.map(time)]),
      values: Float64Array.from([...values.map(({ value }) => value), ...shares.map(({ value }) => value)]),
    });
  }

  /** Signals whose last source went: nobody waits for their next sample. */
  private async end(environmentId: string, state: EnvironmentSignals): Promise<void> {
    const { ended } = state.signals.takeChanges();
    const ids = ended.flatMap((index) => state.recordedIds.get(index) ?? []);
    for (const index of ended) state.recordedIds.delete(index);
    if (ids.length === 0) return;
    await this.telemetry.endSeries(
      environmentId,
      Int32Array.from(ids),
      new Float64Array(ids.length).fill(state.cursor),
    );
  }

  /** Signals that have a value for the first time: of others nobody need know. */
  private async begin(environmentId: string, state: EnvironmentSignals, valued: ReadonlySet<number>): Promise<void> {
    const fresh = state.unrecorded().filter(([index]) => valued.has(index));
    if (fresh.length === 0) return;
    try {
      const ids = await this.telemetry.resolveSeries(
        environmentId,
        fresh.map(([, { labels, metricType }]) => ({ labels, metricType })),
      );
      fresh.forEach(([index], i) => state.recordedIds.set(index, ids[i]!));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'telemetry.too_many_series') throw error;
      this.logger.warn({ msg: 'signals of services are not recorded: the environment is full', environmentId });
    }
  }
}

export class SignalCollector {
  readonly values: Value[] = [];
  readonly shares: Share[] = [];

  take(at: EpochMs, values: Float64Array, signals: ServiceSignals): void {
    signals.signals.forEach((signal, index) => {
      const value = values[index]!;
      if (signal?.recorded !== true || Number.isNaN(value)) return;
      this.values.push({ index, at, value });
      if (signal.aggregation !== 'residual' || value < SHARES_FROM) return;
      for (const { signal: part, share } of signals.contributionsOf(index, SHARES)) {
        const { [METRIC_NAME_LABEL]: name, ...labels } = part.labels;
        const description = {
          labels: { ...labels, [METRIC_NAME_LABEL]: SHARE_METRIC, signal: name! },
          metricType: 'gauge' as const,
        };
        this.shares.push({ index, at, description, value: share });
      }
    });
  }
}
