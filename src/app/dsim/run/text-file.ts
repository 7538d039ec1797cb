import { closeSync, openSync, writeFileSync } from 'node:fs';

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

  constructor(path: string) {
    this.#file = openSync(path, 'wx');
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
    writeFileSync(this.#file, this.#pending.join(''));
    this.#pending = [];
    this.#length = 0;
  }
}
