import type { RunReport, Verdict } from '../../../engine/simulation/report/report.types.js';
import type { Terminal } from '../terminal/terminal.js';
import { plural, wrap } from '../terminal/words.js';

const SIGNS: Readonly<Record<Verdict, string>> = { pass: '✓', fail: '✗', unknown: '?' };
const COLOURS = { pass: 'green', fail: 'red', unknown: 'yellow' } as const;

export function expectationLines({ expectations, verdict }: RunReport, { style, columns }: Terminal): string {
  if (expectations.length === 0) return '';
  const lines = expectations.map(({ title, verdict: one, reason }) => {
    const sign = style[COLOURS[one]](SIGNS[one]);
    // The title says already what was expected.
    const found = reason.replace(/, [^,]* was expected$/, '');
    const was = one === 'pass' ? style.dim(`; it was ${found}`) : `${one === 'fail' ? ', but it was ' : '; '}${found}`;
    return wrap(`${sign} ${title}${was}`, columns, '  ', '    ');
  });
  const count = (wanted: Verdict) => expectations.filter((expectation) => expectation.verdict === wanted).length;
  const total = `${count('pass')} of ${plural(expectations.length, 'expectation')} met`;
  const open = count('unknown') > 0 ? `, ${count('unknown')} unknown (which does not pass)` : '';
  return `${style.bold('Expectations')}\n${lines.join('')}${style[COLOURS[verdict]](`${total}${open}`)}\n`;
}
