import type { Terminal } from './terminal/terminal.js';

type Run = (args: readonly string[], terminal: Terminal) => Promise<number> | number;

/** Each is loaded when it is called: help and lists should not wait for the engine. */
export const COMMANDS = {
  run: async (): Promise<{ run: Run }> => ({ run: (await import('./run/run-command.js')).runCommand }),
  validate: async () => ({ run: (await import('./validate-command.js')).validateCommand as Run }),
  list: async () => ({ run: (await import('./list/list-command.js')).listCommand as Run }),
  explain: async () => ({ run: (await import('./explain/explain-command.js')).explainCommand as Run }),
  score: async () => ({ run: (await import('./score/score-command.js')).scoreCommand as Run }),
  schema: async () => ({ run: (await import('./schema-command.js')).schemaCommand as Run }),
} as const;

export type CommandName = keyof typeof COMMANDS;
