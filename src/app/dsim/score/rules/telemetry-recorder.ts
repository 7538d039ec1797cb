import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Watcher } from '../../../../engine/scorecard/watcher.js';
import { OPEN_METRICS_END } from '../../../../engine/simulation/telemetry/formats/open-metrics.js';
import { writeOpenMetricsBlock } from '../../../../engine/simulation/telemetry/formats/open-metrics-run.js';
import {
  gatherBlocks,
  type BlockGatherer,
  type RunBlock,
} from '../../../../engine/simulation/telemetry/formats/run-block.js';
import type { ScrapeFrame } from '../../../../engine/simulation/telemetry/telemetry.types.js';
import { METRIC_NAME_LABEL } from '../../../../kernel/time-series.js';
import { TextFile } from '../../run/text-file.js';

/** Two hours of telemetry, or less, as blocks of Prometheus. */
export interface RecordedPart {
  readonly folder: string;
  /** Epoch milliseconds of the first and the last scrape in it. */
  readonly from: number;
  readonly to: number;
}

/** A future of the run, in which one fault happened. */
export interface RecordedBranch {
  readonly name: string;
  readonly recorder: TelemetryRecorder;
  /** Parts of the run itself that came before. */
  readonly before: readonly RecordedPart[];
}

export interface RecorderOptions {
  /** Of a file of OpenMetrics, into a folder. */
  readonly makeBlocks: (file: string, folder: string) => Promise<void>;
  readonly folder: string;
  /** Whether series of a metric are wanted: what no rule reads is not written. */
  readonly reads: (metric: string) => boolean;
  /** Event time before which nothing is needed. */
  readonly from: number;
}

/**
 * Watches a run as detectors do, and says nothing: it writes what alert rules read. What comes of a copy is kept as a
 * branch of its own, which shares the run up to there.
 */
export class TelemetryRecorder implements Watcher {
  readonly name = 'rules';
  readonly parts: RecordedPart[] = [];
  readonly branches: RecordedBranch[] = [];
  series = 0;
  private readonly gatherer: BlockGatherer;
  /** Written as text, and not made into blocks yet. */
  private readonly waiting: { readonly file: string; readonly part: RecordedPart }[] = [];
  private made = 0;

  /** @param report called with the name of the branch, by copies */
  constructor(
    private readonly options: RecorderOptions,
    private readonly report?: (branch: string, recorder: TelemetryRecorder) => void,
  ) {
    mkdirSync(options.folder, { recursive: true });
    this.gatherer = gatherBlocks((block) => this.write(block));
  }

  async scrape(frame: ScrapeFrame): Promise<void> {
    let alive = 0;
    for (const series of frame.series) if (series !== null) alive += 1;
    this.series = alive;
    if (frame.time < this.options.from) return;
    this.gatherer.add(frame);
    await this.makeWaiting();
  }

  /** A recorder of a future; the name of it comes when its anomalies are asked for. */
  copy(): TelemetryRecorder {
    this.gatherer.end();
    const before = [...this.parts];
    const folder = join(this.options.folder, `branch-${this.made}`);
    this.made += 1;
    return new TelemetryRecorder({ ...this.options, folder }, (name, recorder) =>
      this.branches.push({ name, recorder, before }),
    );
  }

  /** Nothing: what rules say comes later. A copy is over when somebody asks. */
  anomalies(branch: string | null): readonly [] {
    this.gatherer.end();
    if (branch !== null) this.report?.(branch, this);
    return [];
  }

  pages(): readonly [] {
    return [];
  }

  nearest(): readonly [] {
    return [];
  }

  /** Makes blocks of what is written; needed once more at the end. */
  async makeWaiting(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      await this.options.makeBlocks(next.file, next.part.folder);
      rmSync(next.file);
    }
  }

  private write(block: RunBlock): void {
    const { reads, folder } = this.options;
    const series = new Map(
      [...block.series].map(([family, all]) => [
        family,
        all.filter(({ descriptor }) => reads(descriptor.labels[METRIC_NAME_LABEL] ?? '')),
      ]),
    );
    if ([...series.values()].every((all) => all.length === 0)) return;
    const name = `${String(this.made).padStart(4, '0')}.om`;
    this.made += 1;
    const file = new TextFile(join(folder, name), name);
    writeOpenMetricsBlock({ ...block, series }, (text) => file.write(text), { end: false });
    file.write(OPEN_METRICS_END);
    file.close();
    const part = { folder: join(folder, `${name}.blocks`), from: block.times[0]!, to: block.times.at(-1)! };
    this.parts.push(part);
    this.waiting.push({ file: join(folder, name), part });
  }
}
