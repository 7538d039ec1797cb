import { InvalidScenarioError } from '../../engine/scenario/scenario.errors.js';
import { COMMANDS, type CommandName } from './commands.js';
import { EXIT } from './exit-code.js';
import { commandHelp, generalHelp } from './help/help.js';
import { suggest } from './suggest.js';
import type { Terminal } from './terminal/terminal.js';
import { UsageError } from './usage-error.js';
import { productVersion } from './version.js';

/** Runs one command and returns the exit code. What a user can cure is a message; anything else is thrown. */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    if (error instanceof InvalidScenarioError || error instanceof UsageError) {
      terminal.err(`${error.message}\n`);
      return EXIT.usage;
    }
    throw error;
  }
}

async function dispatch([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined) {
    terminal.err(generalHelp(terminal.columns));
    return EXIT.usage;
  }
  if (name === '--version' || name === '-v' || name === 'version') {
    terminal.out(`dsim ${productVersion()}\n`);
    return EXIT.ok;
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    terminal.out(
      args[0] === undefined ? generalHelp(terminal.columns) : commandHelp(commandNamed(args[0]), terminal.columns),
    );
    return EXIT.ok;
  }
  const command = commandNamed(name);
  if (helpIsAsked(args)) {
    terminal.out(commandHelp(command, terminal.columns));
    return EXIT.ok;
  }
  const { run } = await COMMANDS[command]();
  return run(args, terminal);
}

function helpIsAsked(args: readonly string[]): boolean {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  return own.includes('--help') || own.includes('-h');
}

function commandNamed(name: string): CommandName {
  const names = Object.keys(COMMANDS) as CommandName[];
  const found = names.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw new UsageError(`dsim has no command "${name}".${suggest(name, names)} \`dsim help\` lists them.`);
}
