import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_DIR } from '../../platform/config/environment.js';
import { readArguments } from './arguments.js';
import { EXIT } from './exit-code.js';
import type { Terminal } from './terminal/terminal.js';
import { UsageError } from './usage-error.js';

const SCHEMA = join(PROJECT_DIR, 'docs/scenario.schema.json');

/** `dsim schema`: the JSON Schema of the language, on standard output; `--path` says where it stands. */
export function schemaCommand(args: readonly string[], terminal: Terminal): number {
  const { values, positionals } = readArguments('schema', args, { path: { type: 'boolean' } });
  if (positionals.length > 0)
    throw new UsageError('dsim schema takes no file; `dsim schema > scenario.schema.json` makes one.');
  if (!existsSync(SCHEMA)) throw new UsageError(`${SCHEMA} is missing; a clone of the product has it.`);
  terminal.out(values['path'] === true ? `${SCHEMA}\n` : readFileSync(SCHEMA, 'utf8'));
  return EXIT.ok;
}
