import type { FaultTruth } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import {
  formatDeployLine,
  formatEventLine,
  formatLogLine,
} from '../../../engine/simulation/telemetry/formats/json-lines.js';
import {
  gatherBlocks,
  type BlockGatherer,
  type RunBlock,
} from '../../../engine/simulation/telemetry/formats/run-block.js';
import type { TelemetrySink } from '../../../engine/simulation/telemetry/telemetry.types.js';
import { groundTruthFile } from './ground-truth-file.js';
import { FORMATS, type MetricFormatName } from './metric-formats.js';
import type { OutputFolder } from './output-folder.js';
import { readme } from './readme.js';
import { TextFile } from './text-file.js';

/** The files of a run. Everything is written as it happens, so that memory does not grow with the run. */
export class RunFiles {
  readonly sink: TelemetrySink;
  readonly #metrics: readonly { readonly format: MetricFormatName; readonly file: TextFile }[];
  readonly #blocks: BlockGatherer | null;
  readonly #records: readonly TextFile[];

  constructor(
    private readonly folder: OutputFolder,
    private readonly formats: readonly MetricFormatName[],
  ) {
    this.#metrics = formats.map((format) => ({ format, file: new TextFile(folder.file(FORMATS[format].file)) }));
    for (const { format, file } of this.#metrics) file.write(FORMATS[format].begin);
    const blocks = formats.length === 0 ? null : gatherBlocks((block) => this.#writeBlock(block));
    this.#blocks = blocks;
    const logs = new TextFile(folder.file('logs.jsonl'));
    const events = new TextFile(folder.file('events.jsonl'));
    const deploys = new TextFile(folder.file('deploys.jsonl'));
    this.#records = [logs, events, deploys];
    this.sink = {
      ...(blocks !== null && { scrape: (frame) => blocks.add(frame) }),
      log: (record) => logs.write(formatLogLine(record)),
      event: (record) => events.write(formatEventLine(record)),
      deploy: (record) => deploys.write(formatDeployLine(record)),
    };
  }

  /** Ends all files and shows the folder under its name. */
  finish(report: RunReport, truth: readonly FaultTruth[] | null): void {
    this.#blocks?.end();
    for (const { format, file } of this.#metrics) {
      file.write(FORMATS[format].end);
      file.close();
    }
    for (const file of this.#records) file.close();
    this.folder.writeJson('report.json', report);
    this.folder.writeJson('ground-truth.json', groundTruthFile(report, truth));
    this.folder.writeText('README.txt', readme(report, this.formats));
    this.folder.publish();
  }

  #writeBlock(block: RunBlock): void {
    for (const { format, file } of this.#metrics) FORMATS[format].writeBlock(block, (text) => file.write(text));
  }
}
