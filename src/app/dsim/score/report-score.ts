import { writeFileSync } from 'node:fs';
import type { ScoreCard } from '../../../engine/scorecard/score-card.types.js';
import { createStyle } from '../terminal/style.js';
import type { Terminal } from '../terminal/terminal.js';
import { withFile } from '../usage-error.js';
import { judgeGates } from './gates.js';
import { scoreJson, writeScore } from './score-files.js';
import { scoreJunit } from './score-junit.js';
import type { ScoreOptions } from './score-options.js';
import { scoreText } from './score-text.js';

/** Says and writes what was asked for. */
export function writeReports(card: ScoreCard, options: ScoreOptions, terminal: Terminal): void {
  const { out, junit, json, quiet, minRecall, maxFalseAlarms } = options;
  const gates = { minRecall, maxFalseAlarms };
  if (out !== undefined) {
    const plain = scoreText(card, { style: createStyle(false), columns: 100 });
    writeScore(out, card, titleOf(options), plain);
  }
  if (junit !== undefined) withFile(`${junit} cannot be written`, () => writeFileSync(junit, scoreJunit(card, gates)));
  if (json) terminal.out(scoreJson(card));
  else if (!quiet) terminal.out(scoreText(card, terminal));
  if (!json && !quiet && out !== undefined) terminal.out(`\nReport: ${out}/score.html\n`);
  const [first] = card.detectors;
  if (first === undefined || quiet || json) return;
  for (const { title, failure } of judgeGates(first, gates)) {
    const { green, red } = terminal.style;
    terminal.out(failure === null ? `${green('✓')} ${title}\n` : `${red('✗')} ${title}, but: ${failure}\n`);
  }
}

function titleOf({ mode, scenarios, csv }: ScoreOptions): string {
  return mode === 'csv'
    ? `Score card: ${csv!}`
    : `Score card: ${scenarios.join(', ')}${mode === 'faults' ? ', faults' : ''}`;
}
