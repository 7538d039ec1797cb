import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parseScenario } from '../../../engine/scenario/parse-scenario.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { fileTrouble } from '../file-errors.js';
import { UsageError } from '../usage-error.js';
import { LIBRARY_DIR, isFile, locateScenario } from './locate-scenario.js';
import type { Override } from './override.js';

/** What stands for standard input on the command line, and its name in messages. */
const STDIN = { argument: '-', name: 'stdin' };

/**
 * @param name path, name in the library, or `-` for standard input
 * @throws InvalidScenarioError, UsageError
 */
export function readScenario(name: string, overrides: readonly Override[] = []): Scenario {
  const file = name === STDIN.argument ? STDIN.name : locateScenario(name);
  const folder = name === STDIN.argument ? '.' : dirname(file);
  return parseScenario(readOwn(name === STDIN.argument ? 0 : file, file), {
    file,
    read: (path) => readNamed(folder, path),
    overrides,
  });
}

function readOwn(source: string | number, file: string): string {
  try {
    return decode(readFileSync(source));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reason(error)}.`);
  }
}

/**
 * A file that a scenario names: from the scenario's folder, else from the library, so that a copy of one of its
 * scenarios runs anywhere.
 */
function readNamed(folder: string, path: string): string {
  const own = resolve(folder, path);
  const ofLibrary = join(LIBRARY_DIR, path);
  try {
    return decode(readFileSync(isAbsolute(path) || isFile(own) || !isFile(ofLibrary) ? own : ofLibrary));
  } catch (error) {
    throw new Error(reason(error));
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  if (bytes.includes(0)) throw new TypeError('it is not text');
  return UTF8.decode(bytes);
}

function reason(error: unknown): string {
  return fileTrouble(error) ?? 'it is not text in UTF-8';
}
