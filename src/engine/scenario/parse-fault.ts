import type { FaultSpec } from './fault.types.js';
import { freeName } from './free-name.js';
import { namesOfScenario } from './resolve/names-of-scenario.js';
import { resolveFault } from './resolve/resolve-faults.js';
import { SectionReader } from './resolve/section-reader.js';
import type { Scenario } from './scenario.types.js';
import { faultNowSchema } from './schema/fault.schema.js';
import { treeOfValue } from './text/tree-of-value.js';

/**
 * Reads a fault in the form of a scenario's `faults`, as people and programs inject it into a run: `{ kind, target,
 * for, ... }`. `at` may be left out and is 0 then; a name that is left out is one that the scenario's faults do not have.
 *
 * @param input decoded JSON or YAML
 * @throws InvalidScenarioError with every mistake and its path; line and column are 0
 */
export function parseFault(input: unknown, scenario: Scenario): FaultSpec {
  const reader = new SectionReader(treeOfValue(input), []);
  const raw = reader.read([], faultNowSchema);
  if (!raw) {
    reader.finish();
    throw new Error('A fault that cannot be read has issues.');
  }
  const taken = new Map(scenario.faults.map(({ name }) => [name, true]));
  if (raw.name !== undefined && taken.has(raw.name))
    reader.report(['name'], `"${raw.name}" is a fault of the scenario already`);
  const fault = resolveFault(reader, namesOfScenario(scenario), [], raw, raw.name ?? freeName(raw.kind, taken));
  reader.finish();
  return fault;
}
