import { accessSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { junit } from '../../../engine/simulation/report/junit.js';
import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import { UsageError, withFile } from '../usage-error.js';

/**
 * Asked before the run: nobody wants to hear after it that the result has no place.
 *
 * @throws UsageError
 */
export function checkWritable(path: string): void {
  withFile(`${path} cannot be written`, () => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) throw new UsageError(`${path} is a folder; --junit needs a file.`);
    accessSync(found === undefined ? nearestFolder(path) : path, constants.W_OK);
  });
}

/** Folders on the way are made. */
export function writeJunit(path: string, report: RunReport): void {
  withFile(`${path} cannot be written`, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, junit(report));
  });
}

function nearestFolder(path: string): string {
  let folder = dirname(resolve(path));
  while (statSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder);
  return folder;
}
