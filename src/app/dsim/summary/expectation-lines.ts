import type { RunReport, Verdict } from '../../../engine/simulation/report/report.types.js';
import type { Style } from '../terminal/style.js';
import { plural } from '../terminal/words.js';

const SIGNS: Readonly<Record<Verdict, string>> = { pass: '✓', fail: '✗', unknown: '?' };
const COLOURS = { pass: 'green', fail: 'red', unknown: 'yellow' } as const;

export function expectationLines({ expectations, verdict }: RunReport, style: Style): string {
  if (expectations.length === 0) return '';
  const lines = expectations.map(({ title, verdict: one, reason }) => {
    const detail = one === 'pass' ? style.dim(reason.replace(/, [^,]* was expected$/, '')) : reason;
    return `  ${style[COLOURS[one]](SIGNS[one])} ${title}; ${detail}\n`;
  });
  const count = (wanted: Verdict) => expectations.filter((expectation) => expectation.verdict === wanted).length;
  const total = `${count('pass')} of ${plural(expectations.length, 'expectation')} met`;
  const open = count('unknown') > 0 ? `, ${count('unknown')} unknown (which does not pass)` : '';
  return `${style.bold('Expectations')}\n${lines.join('')}${style[COLOURS[verdict]](`${total}${open}`)}\n`;
}
