import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseScenario } from '../../../engine/scenario/parse-scenario.js';
import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { locateScenario } from './locate-scenario.js';
import type { Override } from './override.js';

/**
 * @param name path or name in the library
 * @throws InvalidScenarioError, UsageError
 */
export function readScenario(name: string, overrides: readonly Override[] = []): Scenario {
  const file = locateScenario(name);
  const folder = dirname(file);
  return parseScenario(readFileSync(file, 'utf8'), {
    file,
    read: (path) => readFileSync(resolve(folder, path), 'utf8'),
    overrides,
  });
}
