import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError, withFile } from '../usage-error.js';

/** Every file (and folder) that a run may write: `--force` replaces these and leaves everything else in the folder alone. */
const OWN_FILES = [
  'README.txt',
  'report.json',
  'ground-truth.json',
  'logs.jsonl',
  'events.jsonl',
  'deploys.jsonl',
  'openmetrics',
  'metrics.prom',
  'metrics.json',
  'metrics.jsonl',
];

/** Begins the names of the hidden folders in which files stand until they are whole. */
const DRAFT = '.dsim-';

/**
 * A folder whose files show up under their names only when all of them are whole. Until then they stand in a hidden
 * folder: inside where the folder exists (it may be the only place that may be written, a volume of a container), else
 * beside it.
 */
export class OutputFolder {
  readonly path: string;
  readonly #name: string;
  readonly #draft: string;

  /** @throws UsageError where the folder has something in it and `force` is not given, or cannot be made */
  constructor(path: string, force: boolean) {
    this.#name = path;
    this.path = resolve(path);
    const draft = `${DRAFT}${process.pid}-${Date.now().toString(36)}`;
    this.#draft = withFile(this.#failure, () => {
      const exists = checkFolder(path, force);
      if (!exists) mkdirSync(dirname(this.path), { recursive: true });
      const place = exists ? join(this.path, draft) : join(dirname(this.path), `${draft}-${basename(this.path)}`);
      mkdirSync(place);
      return place;
    });
  }

  /** Where a file of this name is written. */
  file(name: string): string {
    return join(this.#draft, name);
  }

  makeFolder(name: string): void {
    withFile(this.#failure, () => mkdirSync(this.file(name)));
  }

  writeJson(name: string, value: unknown): void {
    this.writeText(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  writeText(name: string, text: string): void {
    withFile(this.#failure, () => writeFileSync(this.file(name), text));
  }

  /** Puts everything in its place. */
  publish(): void {
    withFile(this.#failure, () => {
      if (!existsSync(this.path)) return renameSync(this.#draft, this.path);
      for (const name of OWN_FILES) {
        rmSync(join(this.path, name), { recursive: true, force: true });
        if (existsSync(this.file(name))) renameSync(this.file(name), join(this.path, name));
      }
      rmSync(this.#draft, { recursive: true, force: true });
    });
  }

  discard(): void {
    rmSync(this.#draft, { recursive: true, force: true });
  }

  get #failure(): string {
    return `${this.#name} cannot be written`;
  }
}

/** Whether the folder is there already; throws where it may not be written to. */
function checkFolder(path: string, force: boolean): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
    throw new UsageError(`${path} is a link that leads nowhere; --out needs a folder.`);
  }
  if (!found.isDirectory()) throw new UsageError(`${path} is a file; --out needs a folder.`);
  const names = readdirSync(path).filter((name) => !name.startsWith(DRAFT));
  if (names.length > 0 && !force) {
    throw new UsageError(
      `${path} is not empty. Choose another folder, or replace what a run wrote there with --force.`,
    );
  }
  const foreign = OWN_FILES.filter((name) => names.includes(name));
  if (foreign.length > 0 && !holdsRun(path)) {
    throw new UsageError(
      `${path} holds ${foreign.join(', ')}, and not from a run. --force would replace it; choose another folder.`,
    );
  }
  return true;
}

/** Whether a run was written here: its report says so. */
function holdsRun(path: string): boolean {
  try {
    const report = JSON.parse(readFileSync(join(path, 'report.json'), 'utf8')) as Record<string, unknown> | null;
    return ['version', 'scenario', 'run', 'verdict', 'history'].every((field) => report?.[field] !== undefined);
  } catch {
    return false;
  }
}
