import { namesOfScenario } from './resolve/names-of-scenario.js';
import { resolveChange } from './resolve/resolve-changes.js';
import { SectionReader } from './resolve/section-reader.js';
import type { Change, Scenario } from './scenario.types.js';
import { changeNowSchema } from './schema/change.schema.js';
import { treeOfValue } from './text/tree-of-value.js';

/**
 * Reads a change in the form of a scenario's `changes`, without `at`: `{ scale: { service: cart, replicas: 5 } }`.
 *
 * @param input decoded JSON or YAML
 * @throws InvalidScenarioError with every mistake and its path; line and column are 0
 */
export function parseChange(input: unknown, scenario: Scenario): Change {
  const reader = new SectionReader(treeOfValue(input), []);
  const raw = reader.read([], changeNowSchema);
  const change = raw && resolveChange(reader, namesOfScenario(scenario), [], raw);
  reader.finish();
  if (!change) throw new Error('A change that cannot be read has issues.');
  return change;
}
