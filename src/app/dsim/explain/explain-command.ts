import type { Scenario } from '../../../engine/scenario/scenario.types.js';
import { compileFleet } from '../../../engine/simulation/model/compile-fleet.js';
import { readArguments, readWhole } from '../arguments.js';
import { EXIT } from '../exit-code.js';
import { noteLines } from '../scenario/note-lines.js';
import { parseOverride } from '../scenario/override.js';
import { readScenario } from '../scenario/read-scenario.js';
import { createRunClock } from '../terminal/local-time.js';
import type { Terminal } from '../terminal/terminal.js';
import { spell, wrap } from '../terminal/words.js';
import { UsageError } from '../usage-error.js';
import { explainCalls } from './explain-calls.js';
import { explainFleet } from './explain-fleet.js';
import { explainLoad } from './explain-load.js';
import { explainPolicies } from './explain-policies.js';
import { explainPromises } from './explain-promises.js';
import { explainTimeline } from './explain-timeline.js';

/** `dsim explain`: what a scenario is about and what will happen when. */
export function explainCommand(args: readonly string[], terminal: Terminal): number {
  const read = readArguments('explain', args, { seed: { type: 'string' }, set: { type: 'string', multiple: true } });
  const [name, ...more] = read.positionals;
  if (name === undefined || more.length > 0)
    throw new UsageError('dsim explain takes one scenario: `dsim explain FILE`.');
  const seed = readWhole(read, 'seed', 0, 2 ** 32 - 1);
  const overrides = ((read.values['set'] as readonly string[] | undefined) ?? []).map(parseOverride);
  const scenario = readScenario(name, overrides);
  terminal.out(explain(scenario, seed ?? scenario.seed, terminal));
  return EXIT.ok;
}

export function explain(scenario: Scenario, seed: number, terminal: Terminal): string {
  const { style, columns } = terminal;
  const fleet = compileFleet(scenario);
  const clock = createRunClock(scenario.start, scenario.timeZone);
  const when = `${clock.local(0)} to ${clock.local(scenario.duration)} (${scenario.timeZone}), ${spell(scenario.duration)}, seed ${seed}`;
  const sections: readonly (readonly [string, string])[] = [
    ['The fleet', explainFleet(fleet, columns)],
    ['Who calls whom', explainCalls(scenario)],
    ['The load', explainLoad(fleet, seed, clock, terminal)],
    ['What happens when', explainTimeline(scenario, clock, columns)],
    ['Policies', explainPolicies(scenario, columns)],
    ['What is promised and expected', explainPromises(scenario, columns)],
    ['What has no effect', noteLines(scenario, terminal)],
  ];
  const body = sections.filter(([, text]) => text !== '').map(([title, text]) => `${style.bold(title)}\n${text}`);
  return [`${style.bold(scenario.title)}\n${wrap(scenario.teaches, columns)}${wrap(when, columns)}`, ...body].join(
    '\n',
  );
}
