import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScoreCard } from '../../../engine/scorecard/score-card.types.js';
import { withFile } from '../usage-error.js';
import { scoreHtml } from './score-html.js';

/** Six digits are what drawings need; NaN has no place in JSON. */
export function scoreJson(card: ScoreCard): string {
  const tidy = (_key: string, value: unknown): unknown =>
    typeof value === 'number' ? (Number.isFinite(value) ? Number(value.toPrecision(15)) : null) : value;
  return `${JSON.stringify(card, tidy)}\n`;
}

/** Asked before the work, so that nobody hears after it that the result has no place. */
export function makeScoreFolder(folder: string): void {
  withFile(`${folder} cannot be written`, () => mkdirSync(folder, { recursive: true }));
}

export function writeScore(folder: string, card: ScoreCard, title: string, text: string): void {
  withFile(`${folder} cannot be written`, () => {
    writeFileSync(join(folder, 'score.json'), scoreJson(card));
    writeFileSync(join(folder, 'score.html'), scoreHtml(card, title));
    writeFileSync(join(folder, 'score.txt'), text);
  });
}
