import { closeSync, openSync, writeSync } from 'node:fs';
import { withFile } from '../usage-error.js';

/** Bytes gathered before they go to the disk. */
const CHUNK = 1 << 20;

/** UTF-8 needs at most so many bytes for a UTF-16 code unit. */
const WIDEST = 3;

/**
 * A file that grows from its start. It writes synchronously: the run waits for the disk, so that what is not written
 * yet never takes more than a chunk of memory. The chunk is used again: fresh memory for each of thousands costs the
 * system as much time as the writing.
 */
export class TextFile {
  readonly #file: number;
  readonly #chunk = Buffer.allocUnsafe(CHUNK);
  #used = 0;
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
    const most = text.length * WIDEST;
    if (this.#used + most > CHUNK) this.#flush();
    if (most > CHUNK) this.#put(Buffer.from(text));
    else this.#used += this.#chunk.write(text, this.#used);
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    this.#put(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
  }

  #put(bytes: Uint8Array): void {
    withFile(`${this.name} cannot be written`, () => {
      // A disk that is nearly full takes a part, and then nothing.
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    });
    this.#bytes += bytes.length;
  }
}
