import { FAULTS, NAMES } from './invalid-names.js';
import { SHAPES, TEXT, VERSIONS } from './invalid-shapes.js';
import { KEYS, RANGES, UNITS } from './invalid-values.js';

/** A scenario with one mistake. */
export interface InvalidScenario {
  readonly what: string;
  readonly text: string;
  /** Where the mistake is: the place of the mark § in the written text. */
  readonly line: number;
  readonly column: number;
  readonly path: string;
  /** Part of the message: what is wrong, and the cure. */
  readonly says: string;
  /** False: no JSON Schema can see it, as it lies in names, order, files or the text itself. */
  readonly schema?: false;
}

const MARK = '§';

/** Scenarios with one mistake each, its place, path and cure written by hand. */
export const INVALID_SCENARIOS: readonly InvalidScenario[] = [
  ...[...KEYS, ...UNITS, ...RANGES, ...NAMES],
  ...[...FAULTS, ...SHAPES, ...TEXT, ...VERSIONS],
].map(([what, marked, path, says, schema]) => {
  const before = marked.slice(0, marked.indexOf(MARK));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return { what, text: marked.replace(MARK, ''), line, column, path, says, ...(schema === false && { schema }) };
});
