import type { FaultTruth } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import {
  formatDeployLine,
  formatEventLine,
  formatLogLine,
} from '../../../engine/simulation/telemetry/formats/json-lines.js';
import { gatherBlocks, type BlockGatherer } from '../../../engine/simulation/telemetry/formats/run-block.js';
import type { TelemetrySink } from '../../../engine/simulation/telemetry/telemetry.types.js';
import { groundTruthFile } from './ground-truth-file.js';
import { MetricFile } from './metric-file.js';
import type { MetricFormatName } from './metric-formats.js';
import type { OutputFolder } from './output-folder.js';
import { readme } from './readme.js';
import { TextFile } from './text-file.js';

/** The files of a run. Everything is written as it happens, so that memory does not grow with the run. */
export class RunFiles {
  readonly sink: TelemetrySink;
  readonly #metrics: readonly MetricFile[];
  readonly #blocks: BlockGatherer | null;
  readonly #records: readonly TextFile[];

  constructor(
    private readonly folder: OutputFolder,
    private readonly formats: readonly MetricFormatName[],
  ) {
    this.#metrics = formats.map((format) => new MetricFile(format, folder));
    const blocks =
      formats.length === 0 ? null : gatherBlocks((block) => this.#metrics.forEach((file) => file.writeBlock(block)));
    this.#blocks = blocks;
    const open = (name: string): TextFile => new TextFile(folder.file(name), name);
    const logs = open('logs.jsonl');
    const events = open('events.jsonl');
    const deploys = open('deploys.jsonl');
    this.#records = [logs, events, deploys];
    this.sink = {
      ...(blocks !== null && { scrape: (frame) => blocks.add(frame) }),
      log: (record) => logs.write(formatLogLine(record)),
      event: (record) => events.write(formatEventLine(record)),
      deploy: (record) => deploys.write(formatDeployLine(record)),
    };
  }

  /** Where they stand when they are finished. */
  get path(): string {
    return this.folder.path;
  }

  /** Of what grows with the run: telemetry and records. */
  get bytes(): number {
    return [...this.#metrics, ...this.#records].reduce((sum, file) => sum + file.bytes, 0);
  }

  /**
   * Ends all files and shows the folder under its name.
   *
   * @param command that makes the same run again
   */
  finish(report: RunReport, truth: readonly FaultTruth[] | null, command: string): void {
    this.#blocks?.end();
    for (const file of [...this.#metrics, ...this.#records]) file.close();
    this.folder.writeJson('report.json', report);
    this.folder.writeJson('ground-truth.json', groundTruthFile(report, truth));
    this.folder.writeText('README.txt', readme(report, this.formats, command));
    this.folder.publish();
  }
}
