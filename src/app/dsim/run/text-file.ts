import { closeSync, openSync, writeFileSync } from 'node:fs';
import { withFile } from '../usage-error.js';

/** Characters gathered before they go to the disk. */
const CHUNK = 1 << 20;

/**
 * A file that grows from its start. It writes synchronously: the run waits for the disk, so that what is not written
 * yet never takes more than a chunk of memory.
 */
export class TextFile {
  readonly #file: number;
  #pending: string[] = [];
  #length = 0;
  #bytes = 0;

  /** @param name of the file in messages */
  constructor(
    path: string,
    private readonly name: string,
  ) {
    this.#file = withFile(`${name} cannot be written`, () => openSync(path, 'wx'));
  }

  /** Bytes on the disk so far. */
  get bytes(): number {
    return this.#bytes;
  }

  write(text: string): void {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= CHUNK) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    // Unlike writeSync, it goes on until everything is written.
    const bytes = Buffer.from(this.#pending.join(''));
    withFile(`${this.name} cannot be written`, () => writeFileSync(this.#file, bytes));
    this.#bytes += bytes.length;
    this.#pending = [];
    this.#length = 0;
  }
}
