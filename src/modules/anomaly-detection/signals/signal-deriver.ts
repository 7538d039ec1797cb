import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { callNames } from '../../../engine/detection/groups/call-graph.js';
import type { EpochMs } from '../../../kernel/clock.js';
import { InjectConfig } from '../../../platform/config/define-config.js';
import { TelemetryReader, type Series } from '../../telemetry/index.js';
import { anomalyDetectionConfig, type AnomalyDetectionConfig } from '../anomaly-detection.config.js';
import { GroupStateRepository } from '../groups/group-state.repository.js';
import { KeyedMutex } from '../scoring/keyed-mutex.js';
import { EnvironmentSignals } from './environment-signals.js';
import { SignalRecorder } from './signal-recorder.js';
import { SignalsRepository, type SignalsRow } from './signals.repository.js';

const PAGE = 1_000;
/** Event time after which the list of series is read again. */
const SOURCES_REFRESH_MS = 60_000;
/** Read before what is derived, so that counters have rates and gaps are bridged as they were. */
const LEAD_TICKS = 12;
/** Models are stored every so many ticks: what was learned since is learned again from the samples. */
const MODELS_EVERY_TICKS = 20;
const ENVIRONMENTS_IN_MEMORY = 64;

export interface DeriveTarget {
  readonly environmentId: string;
  readonly tick: EpochMs;
  readonly tickMs: number;
}

/**
 * Derives the signals of an environment's services up to a tick and records them, so that they can be scored like any
 * series. The database says how far it is; what is in memory is a copy that is used while it agrees. Running twice
 * changes nothing: the same samples give the same signals at the same times.
 */
@Injectable()
export class SignalDeriver {
  private readonly mutex = new KeyedMutex();
  private readonly states = new LRUCache<string, EnvironmentSignals>({ max: ENVIRONMENTS_IN_MEMORY });

  constructor(
    private readonly telemetry: TelemetryReader,
    private readonly repository: SignalsRepository,
    private readonly recorder: SignalRecorder,
    private readonly groups: GroupStateRepository,
    @InjectConfig(anomalyDetectionConfig) private readonly config: AnomalyDetectionConfig,
  ) {}

  async deriveUntil(target: DeriveTarget, signal?: AbortSignal): Promise<void> {
    await this.mutex.run(target.environmentId, async () => {
      while (!signal?.aborted && (await this.deriveSome(target)));
    });
  }

  /** Derives at most `catchUpTicks`. True while there is more to do. */
  private async deriveSome({ environmentId, tick, tickMs }: DeriveTarget): Promise<boolean> {
    const history = Math.ceil((this.config.signalHistoryMinutes * 60_000) / tickMs) * tickMs;
    await this.repository.ensure(environmentId, tickMs, tick - history);
    const row = await this.repository.find(environmentId);
    if (!row || row.derivedUntil >= tick) return false;
    const earliest = tick - Math.floor((this.config.maximumCatchUpHours * 3_600_000) / tickMs) * tickMs;
    const from = Math.max(Math.floor(row.derivedUntil / tickMs) * tickMs, earliest);

    // Taken up front and put back when all is stored: what fails in between is forgotten.
    let state = this.states.get(environmentId);
    this.states.delete(environmentId);
    if (!state || state.tickMs !== tickMs || state.cursor !== from)
      state = await this.rebuild(environmentId, row, from, tickMs);
    await this.refreshSources(environmentId, state);

    const until = Math.min(tick, from + this.config.catchUpTicks * tickMs);
    const samples = await this.telemetry.readSamples(environmentId, state.sourceIds, { from, to: until });
    const collected = this.recorder.collector();
    state.advance(
      samples,
      until,
      () => true,
      (at, values, signals) => collected.take(at, values, signals),
    );
    await this.recorder.record(environmentId, state, collected);
    const due = until - row.modelsUntil >= MODELS_EVERY_TICKS * tickMs;
    const moved = await this.repository.advance(environmentId, row.derivedUntil, {
      until,
      tickMs,
      signals: state.recordedIds.size,
      leftOut: state.signals.leftOut,
      models: due ? state.signals.serialise() : null,
    });
    if (!moved) return true;
    this.states.set(environmentId, state);
    return until < tick;
  }

  /** Models as stored, brought forward over the samples since, and a lead before them for rates and bridged gaps. */
  private async rebuild(
    environmentId: string,
    row: SignalsRow,
    from: EpochMs,
    tickMs: number,
  ): Promise<EnvironmentSignals> {
    const learned = row.tickMs === tickMs ? Math.min(row.modelsUntil, from) : from;
    const start = Math.floor(learned / tickMs) * tickMs - LEAD_TICKS * tickMs;
    const state = new EnvironmentSignals(tickMs, start, this.config.maximumSignalsPerService);
    state.signals.restore(row.models);
    await this.refreshSources(environmentId, state);
    while (state.cursor < from) {
      const until = Math.min(from, state.cursor + this.config.catchUpTicks * tickMs);
      const range = { from: state.cursor, to: until };
      const samples = await this.telemetry.readSamples(environmentId, state.sourceIds, range);
      state.advance(
        samples,
        until,
        (at) => at > learned,
        () => undefined,
      );
    }
    return state;
  }

  private async refreshSources(environmentId: string, state: EnvironmentSignals): Promise<void> {
    if (state.cursor - state.sourcesReadAt < SOURCES_REFRESH_MS) return;
    const all: Series[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.telemetry.findSeries(environmentId, { selectors: [], limit: PAGE, cursor });
      all.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    state.updateSources(all);
    state.sourcesReadAt = state.cursor;
    if (!state.callsChanged) return;
    await this.groups.saveCalls(environmentId, callNames(state.calls));
    state.callsChanged = false;
  }
}
