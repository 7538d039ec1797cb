import { grid, wrap } from '../terminal/words.js';
import { COMMAND_HELP } from './command-help.js';
import type { CommandName } from '../commands.js';

/** Longer lines are hard to read. */
const WIDEST = 100;
/** On a narrower screen the text of an option stands under it. */
const NARROW = 60;

export function generalHelp(columns: number): string {
  const width = Math.min(WIDEST, columns);
  const commands = Object.entries(COMMAND_HELP).map(([name, { summary }]) => [name, summary]);
  return `${wrap(ABOUT, width)}
Usage: dsim COMMAND [options]

${grid([...commands, ['help', 'How a command is used: dsim help run']], width, '  ')}
Start here:
${grid(START, width, '  ')}
Exit codes:
${grid(EXIT_CODES, width, '  ')}`;
}

const ABOUT =
  'dsim rehearses production: it runs a scenario (a fleet, its load, faults, deploys and policies in one YAML file) on a simulated fleet, 24 hours in seconds, and says what users, pods and the bill saw of it.';

const START = [
  ['dsim list', 'what there is to learn'],
  ['dsim explain black-friday', 'what will happen when'],
  ['dsim run black-friday', 'what came of it'],
];

const EXIT_CODES = [
  ['0', 'all well'],
  ['1', 'an expectation failed or could not be judged, or a gate of a score was not kept'],
  ['2', 'nothing ran or was kept: bad usage, invalid scenario, a file that cannot be read or written'],
  ['70', 'a mistake in dsim itself'],
  ['130', 'interrupted by Ctrl-C (143: by SIGTERM, 129: by SIGHUP)'],
];

export function commandHelp(name: CommandName, columns: number): string {
  const width = Math.min(WIDEST, columns);
  const { usage, description, options, examples } = COMMAND_HELP[name];
  const paragraphs = description.split('\n\n').map((paragraph) => wrap(paragraph, width));
  const column = Math.max(...options.map(([flag]) => flag.length)) + 4;
  const lines = options.map(([flag, text]) =>
    width < NARROW
      ? `  ${flag}\n${wrap(text, width, '      ')}`
      : wrap(text, width, `  ${flag}`.padEnd(column), ' '.repeat(column)),
  );
  const shown = examples.map(([command, text]) => `  ${command}\n${wrap(text, width, '      ')}`);
  return `Usage: ${usage}\n\n${paragraphs.join('\n')}\nOptions:\n${lines.join('')}\nExamples:\n${shown.join('')}`;
}
