import type { Scenario, ScenarioNote } from '../../../engine/scenario/scenario.types.js';
import type { Terminal } from '../terminal/terminal.js';

/** What is written in the scenario and has no effect, as a compiler prints warnings. */
export function noteLines({ notes = [] }: Pick<Scenario, 'notes'>, { style }: Terminal): string {
  const line = ({ file, line, column, path, message }: ScenarioNote) =>
    `${file}:${line}:${column}: ${style.yellow('note:')} ${path}: ${message}\n`;
  return notes.map(line).join('');
}
