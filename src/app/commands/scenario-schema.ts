import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioReference } from '../../engine/scenario/reference/render-reference.js';
import { scenarioJsonSchema } from '../../engine/scenario/schema/json-schema.js';
import { PROJECT_DIR } from '../../platform/config/environment.js';
import { runCommand } from './command.js';

const START = '<!-- reference:start, written by `npm run scenario:schema` -->';
const END = '<!-- reference:end -->';

export function scenarioSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
}

/** The document with the generated part between its markers; unchanged where it has none. */
export function withReference(document: string): string {
  const [start, end] = [document.indexOf(START), document.indexOf(END)];
  if (start < 0 || end < start) return document;
  return `${document.slice(0, start + START.length)}\n\n${scenarioReference()}\n\n${document.slice(end)}`;
}

function wantedFiles(): readonly (readonly [file: string, text: string])[] {
  const document = 'docs/scenarios.md';
  return [
    ['docs/scenario.schema.json', scenarioSchemaText()],
    [document, withReference(readFileSync(join(PROJECT_DIR, document), 'utf8'))],
  ];
}

runCommand(
  import.meta.url,
  {
    usage: 'npm run scenario:schema',
    description: 'Writes docs/scenario.schema.json and the tables of docs/scenarios.md from the schema of scenarios.',
    options: [['--check', 'Writes nothing; exit code 1 when a committed file differs.']],
  },
  { check: { type: 'boolean' } },
  async ({ check }) => {
    const stale = wantedFiles().filter(([file, text]) => {
      const path = join(PROJECT_DIR, file);
      return !existsSync(path) || readFileSync(path, 'utf8') !== text;
    });
    if (check !== true) {
      for (const [file, text] of stale) writeFileSync(join(PROJECT_DIR, file), text);
      process.stdout.write(
        stale.length === 0 ? 'Nothing changed.\n' : `Wrote ${stale.map(([file]) => file).join(', ')}\n`,
      );
      return 0;
    }
    for (const [file] of stale)
      process.stderr.write(
        `${file} is not what the schema says. Run \`npm run scenario:schema\` and commit the result.\n`,
      );
    return stale.length === 0 ? 0 : 1;
  },
);
