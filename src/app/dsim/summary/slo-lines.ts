import type { RunReport, SloReport } from '../../../engine/simulation/report/report.types.js';
import type { Style } from '../terminal/style.js';
import type { Terminal } from '../terminal/terminal.js';
import { grid, latency, percent, spell } from '../terminal/words.js';

export function sloLines({ slos }: RunReport, { style, columns }: Terminal): string {
  if (slos.length === 0) return '';
  const rows = slos.map((slo) => row(slo, style));
  return `${style.bold('SLOs')}\n${grid(rows, columns, '  ')}`;
}

function row(
  { name, objective, latency: within, badRatio, budgetSpent, harmSeconds, harmCount }: SloReport,
  style: Style,
): readonly string[] {
  const promise = `${Number((objective * 100).toPrecision(6))} % good${within === null ? '' : ` within ${latency(within)}`}`;
  if (badRatio === null || budgetSpent === null) return [`${style.yellow('?')} ${name}`, promise, 'no request ended'];
  const times = harmCount === 1 ? 'once' : `${harmCount.toLocaleString('en-US')} times`;
  const harm = harmCount === 0 ? 'no harm' : `${spell(harmSeconds)} of harm, ${times}`;
  const sign = budgetSpent <= 1 ? style.green('✓') : style.red('✗');
  return [`${sign} ${name}`, promise, `${percent(badRatio)} bad`, `${percent(budgetSpent)} of budget`, harm];
}
