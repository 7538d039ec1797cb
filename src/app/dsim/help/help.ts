import { table, wrap } from '../terminal/words.js';
import { COMMAND_HELP } from './command-help.js';
import type { CommandName } from '../commands.js';

const WIDTH = 100;

export function generalHelp(): string {
  const commands = Object.entries(COMMAND_HELP).map(([name, { summary }]) => [name, summary]);
  return `dsim rehearses production: it runs a scenario (a fleet, its load, faults, deploys and policies in one
YAML file) on a simulated fleet, 24 hours in seconds, and says what users, pods and the bill saw of it.

Usage: dsim COMMAND [options]

${table([...commands, ['help', 'How a command is used: dsim help run']], '  ')}
Start here:
  dsim list                        what there is to learn
  dsim explain black-friday        what will happen when
  dsim run black-friday            what came of it

Exit codes: 0 all well, 1 an expectation failed or could not be judged, 2 bad usage or invalid scenario,
130 interrupted.
`;
}

export function commandHelp(name: CommandName): string {
  const { usage, description, options, examples } = COMMAND_HELP[name];
  const paragraphs = description.split('\n\n').map((paragraph) => wrap(paragraph, WIDTH));
  const width = Math.max(...options.map(([flag]) => flag.length)) + 2;
  const lines = options.map(([flag, text]) => `  ${flag.padEnd(width)}${hang(text, width + 2)}`);
  const shown = examples.map(([command, text]) => `  ${command}\n${wrap(text, WIDTH, '      ')}`);
  return `Usage: ${usage}\n\n${paragraphs.join('\n')}\nOptions:\n${lines.join('')}\nExamples:\n${shown.join('')}`;
}

/** The first line follows the flag, the others stand under it. */
function hang(text: string, indent: number): string {
  return wrap(text, WIDTH, ' '.repeat(indent)).trimStart();
}
