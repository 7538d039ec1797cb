import { join } from 'node:path';
import type { RunBlock } from '../../../engine/simulation/telemetry/formats/run-block.js';
import { FORMATS, type MetricFormat, type MetricFormatName } from './metric-formats.js';
import type { OutputFolder } from './output-folder.js';
import { TextFile } from './text-file.js';

/** What a run scraped, in one format: one file, or one for each block. */
export class MetricFile {
  readonly #format: MetricFormat;
  /** Of the whole run; null: each block has its own. */
  readonly #whole: TextFile | null;
  #closedBytes = 0;

  constructor(
    name: MetricFormatName,
    private readonly folder: OutputFolder,
  ) {
    this.#format = FORMATS[name];
    this.#whole = this.#format.fileOfBlock === undefined ? this.#open(this.#format.path) : null;
    if (this.#whole === null) folder.makeFolder(this.#format.path);
  }

  writeBlock(block: RunBlock): void {
    const { path, fileOfBlock } = this.#format;
    const file = this.#whole ?? this.#open(join(path, fileOfBlock!(block.index)));
    this.#format.writeBlock(block, (text) => file.write(text));
    if (file !== this.#whole) this.#end(file);
  }

  close(): void {
    if (this.#whole !== null) this.#end(this.#whole);
  }

  get bytes(): number {
    return this.#closedBytes;
  }

  #open(path: string): TextFile {
    const file = new TextFile(this.folder.file(path), path);
    file.write(this.#format.begin);
    return file;
  }

  #end(file: TextFile): void {
    file.write(this.#format.end);
    file.close();
    this.#closedBytes += file.bytes;
  }
}
