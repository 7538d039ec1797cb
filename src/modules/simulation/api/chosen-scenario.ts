import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import type { Override, ScenarioLibrary } from '../scenarios/scenario-library.js';
import { assertFleetSize, type FleetLimits } from './fleet-size.js';
import { assertTextSize } from './text-size.js';

export interface ChosenScenario {
  readonly scenario: Scenario;
  readonly source: string;
  readonly libraryName: string | null;
}

/**
 * One of the library by name, or the text that was sent. Throws `scenario.invalid`, `simulation.scenario_not_found`,
 * `simulation.invalid_request` where it is too large.
 */
export async function chosenScenario(
  library: ScenarioLibrary,
  wanted: { readonly scenario?: string; readonly text?: string; readonly overrides?: readonly Override[] },
  limits: FleetLimits & { readonly maxScenarioBytes: number },
): Promise<ChosenScenario> {
  const { scenario: name, text, overrides = [] } = wanted;
  assertTextSize(text, limits.maxScenarioBytes);
  if (name === undefined) {
    const sent = library.parse(text!, overrides);
    assertFleetSize(sent, limits);
    return { scenario: sent, source: text!, libraryName: null };
  }
  const entry = await library.get(name);
  const scenario = overrides.length === 0 ? entry.scenario : library.parse(entry.source, overrides, `${name}.yaml`);
  assertFleetSize(scenario, limits);
  return { scenario, source: entry.source, libraryName: name };
}
