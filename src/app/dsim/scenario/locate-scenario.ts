import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_DIR } from '../../../platform/config/environment.js';
import { suggest } from '../suggest.js';
import { UsageError, withFile } from '../usage-error.js';

/** The scenarios that come with the product. */
export const LIBRARY_DIR = join(PROJECT_DIR, 'scenarios');

const EXTENSIONS = ['.yaml', '.yml', '.json'];

/**
 * The file that a user means: a path, or the name of a scenario of the library.
 *
 * @throws UsageError where there is neither
 */
export function locateScenario(name: string, library = LIBRARY_DIR): string {
  if (isFile(name)) return name;
  const looksLikePath = /[/\\]/.test(name) || EXTENSIONS.some((extension) => name.endsWith(extension));
  if (!looksLikePath) {
    const found = EXTENSIONS.map((extension) => join(library, `${name}${extension}`)).find(isFile);
    if (found !== undefined) return found;
  }
  if (isFolder(name)) throw new UsageError(`${name} is a folder. Name a file in it.`);
  if (looksLikePath) throw new UsageError(`There is no file ${name}.`);
  const hint = suggest(name, scenarioNames(library));
  throw new UsageError(`There is no file ${name}, and no such scenario in the library.${hint} \`dsim list\` shows it.`);
}

/** @throws UsageError where it may not be looked at */
export function isFolder(path: string): boolean {
  return withFile(`${path} cannot be read`, () => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}

/** Names of the scenarios in a folder, sorted; not those of folders below, where parts of fleets are. */
export function scenarioNames(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return scenarioFiles(folder).map((file) => file.replace(/\.[^.]+$/, ''));
}

export function scenarioFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => EXTENSIONS.some((extension) => file.endsWith(extension)) && isFile(join(folder, file)))
    .sort();
}

/** Something to read: a pipe too, as shells make them of `<(command)`. */
export function isFile(path: string): boolean {
  try {
    const stat = statSync(path);
    return stat.isFile() || stat.isFIFO();
  } catch {
    return false;
  }
}
