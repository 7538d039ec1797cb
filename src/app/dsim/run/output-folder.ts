import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../usage-error.js';

/** Every file that a run may write: `--force` replaces these and leaves everything else in the folder alone. */
const OWN_FILES = [
  'README.txt',
  'report.json',
  'ground-truth.json',
  'logs.jsonl',
  'events.jsonl',
  'deploys.jsonl',
  'metrics.om',
  'metrics.prom',
  'metrics.json',
  'metrics.jsonl',
];

/**
 * A folder that shows up under its name only when it is complete: until then its files stand beside it in a hidden
 * one, on the same disk.
 */
export class OutputFolder {
  readonly path: string;
  readonly #draft: string;

  /** @throws UsageError where the folder has something in it and `force` is not given, or cannot be made */
  constructor(path: string, force: boolean) {
    this.path = resolve(path);
    const isFolder = statSync(this.path, { throwIfNoEntry: false })?.isDirectory();
    if (isFolder === false) throw new UsageError(`${path} is a file; --out needs a folder.`);
    if (isFolder === true && !force && readdirSync(this.path).length > 0) {
      throw new UsageError(
        `${path} is not empty. Choose another folder, or replace what a run wrote there with --force.`,
      );
    }
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      this.#draft = join(dirname(this.path), `.${basename(this.path)}.${process.pid}`);
      mkdirSync(this.#draft);
    } catch (error) {
      throw new UsageError(`${path} cannot be written: ${(error as Error).message}`);
    }
  }

  /** Where a file of this name is written. */
  file(name: string): string {
    return join(this.#draft, name);
  }

  writeJson(name: string, value: unknown): void {
    writeFileSync(this.file(name), `${JSON.stringify(value, null, 2)}\n`);
  }

  writeText(name: string, text: string): void {
    writeFileSync(this.file(name), text);
  }

  /** Puts everything in its place. */
  publish(): void {
    if (existsSync(this.path) && readdirSync(this.path).length === 0) rmdirSync(this.path);
    if (!existsSync(this.path)) {
      renameSync(this.#draft, this.path);
      return;
    }
    for (const name of OWN_FILES) {
      if (existsSync(this.file(name))) renameSync(this.file(name), join(this.path, name));
      else rmSync(join(this.path, name), { force: true });
    }
    rmSync(this.#draft, { recursive: true, force: true });
  }

  discard(): void {
    rmSync(this.#draft, { recursive: true, force: true });
  }
}
