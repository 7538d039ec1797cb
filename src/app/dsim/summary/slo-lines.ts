import type { RunReport, SloReport } from '../../../engine/simulation/report/report.types.js';
import type { Style } from '../terminal/style.js';
import { latency, percent, plural, spell } from '../terminal/words.js';

export function sloLines({ slos }: RunReport, style: Style): string {
  if (slos.length === 0) return '';
  return `${style.bold('SLOs')}\n${slos.map((slo) => line(slo, style)).join('')}`;
}

function line(
  { name, objective, latency: within, badRatio, budgetSpent, harmSeconds, harmCount }: SloReport,
  style: Style,
) {
  const promise = `${Number((objective * 100).toPrecision(6))} % good${within === null ? '' : ` within ${latency(within)}`}`;
  if (badRatio === null || budgetSpent === null)
    return `  ${style.yellow('?')} ${name}: ${promise}; no request ended\n`;
  const met = budgetSpent <= 1;
  const harm =
    harmCount === 0 ? 'no harm' : `harm for ${spell(harmSeconds)} in ${plural(harmCount, 'stretch', 'stretches')}`;
  const sign = met ? style.green('✓') : style.red('✗');
  return `  ${sign} ${name}: ${promise}; ${percent(badRatio)} bad, ${percent(budgetSpent)} of the error budget, ${harm}\n`;
}
