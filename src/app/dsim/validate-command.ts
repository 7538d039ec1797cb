import { InvalidScenarioError } from '../../engine/scenario/scenario.errors.js';
import { compileFleet } from '../../engine/simulation/model/compile-fleet.js';
import { readArguments } from './arguments.js';
import { EXIT } from './exit-code.js';
import { noteLines } from './scenario/note-lines.js';
import { parseOverride } from './scenario/override.js';
import { readScenario } from './scenario/read-scenario.js';
import type { Terminal } from './terminal/terminal.js';
import { plural } from './terminal/words.js';
import { UsageError } from './usage-error.js';

/** `dsim validate`: reads every file and lists all mistakes of all of them, and what has no effect. */
export function validateCommand(args: readonly string[], terminal: Terminal): number {
  const { values, positionals } = readArguments('validate', args, {
    set: { type: 'string', multiple: true },
    quiet: { type: 'boolean', short: 'q' },
  });
  if (positionals.length === 0) throw new UsageError('Which scenarios? `dsim validate FILE...`');
  const overrides = ((values['set'] as readonly string[] | undefined) ?? []).map(parseOverride);
  let invalid = 0;
  for (const file of positionals) {
    try {
      const scenario = readScenario(file, overrides);
      compileFleet(scenario);
      if (values['quiet'] !== true)
        terminal.out(`${terminal.style.green('✓')} ${file}: ${scenario.title}\n${noteLines(scenario, terminal)}`);
    } catch (error) {
      if (!(error instanceof InvalidScenarioError || error instanceof UsageError)) throw error;
      invalid += 1;
      terminal.err(`${error.message}\n`);
    }
  }
  if (invalid > 0 && positionals.length > 1)
    terminal.err(`${invalid} of ${plural(positionals.length, 'scenario')} invalid\n`);
  return invalid === 0 ? EXIT.ok : EXIT.usage;
}
