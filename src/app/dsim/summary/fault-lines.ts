import type { FaultTruth } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import type { FaultReport, RunReport, SloReport } from '../../../engine/simulation/report/report.types.js';
import type { RunClock } from '../terminal/local-time.js';
import type { Terminal } from '../terminal/terminal.js';
import { grid, percent, short, spell, wrap } from '../terminal/words.js';
import { touchedRows } from './touched-series.js';

/** Characters before the name of a series, about. */
const BEFORE_SERIES = 40;

/** Each fault: where and when, whom it harmed, and what it moved first. */
export function faultLines(
  { faults, slos, run }: RunReport,
  truth: readonly FaultTruth[] | null,
  clock: RunClock,
  { style, columns }: Terminal,
): string {
  if (faults.length === 0) return '';
  const blocks = faults.map((fault) => {
    const when = `${clock.local(fault.from)}, ${fault.to === null ? 'not over' : `for ${spell(fault.to - fault.from)}`}`;
    const sign = fault.harmedAt === null ? style.green('○') : style.red('●');
    const head = `${sign} ${style.bold(fault.name)} (${fault.kind}, ${fault.where}): ${when}`;
    const touched = truth?.find(({ name }) => name === fault.name)?.touched ?? [];
    const rows = touchedRows(touched, fault.from, Math.max(30, columns - BEFORE_SERIES));
    const first =
      rows.length === 0 ? '' : `    ${style.dim('moved first:')}\n${grid(dimmed(rows, style.dim), columns, '      ')}`;
    return `${wrap(head, columns, '  ', '    ')}${wrap(harm(fault, slos, run.seconds), columns, '    ')}${first}`;
  });
  return `${style.bold('Faults')}\n${blocks.join('')}`;
}

function dimmed(rows: readonly (readonly string[])[], dim: (text: string) => string): readonly (readonly string[])[] {
  return rows.map((row) => row.map(dim));
}

function harm(fault: FaultReport, slos: readonly SloReport[], end: number): string {
  const { harmedAt, secondsToHarm, recoveredAt, secondsToRecover, to } = fault;
  if (harmedAt === null) return 'nobody was harmed';
  const begun = `users harmed after ${spell(secondsToHarm ?? 0)}${extent(fault, slos, recoveredAt ?? end)}`;
  const seen = detection(fault);
  if (recoveredAt === null) return `${begun}${seen}; not well again${to === null ? '' : ' until the end of the run'}`;
  const well = secondsToRecover === 0 ? 'when it ended' : `${spell(secondsToRecover ?? 0)} after its end`;
  return `${begun}${seen}; well again ${well}`;
}

/** Where somebody watched the run. */
function detection({ detectedAfter }: FaultReport): string {
  if (detectedAfter === undefined) return '';
  if (detectedAfter === null) return '; not detected';
  return `; detected ${spell(Math.abs(detectedAfter))} ${detectedAfter < 0 ? 'before' : 'after'} that`;
}

/** By SLO, how many requests were bad in the stretches of harm that this fault shared. */
function extent({ harmedAt }: FaultReport, slos: readonly SloReport[], until: number): string {
  const parts = slos.flatMap(({ name, harms }) => {
    const shared = harms.filter(({ from, to }) => from < until && (to ?? Infinity) > harmedAt!);
    if (shared.length === 0) return [];
    const sum = (pick: (one: (typeof shared)[number]) => number) => shared.reduce((total, one) => total + pick(one), 0);
    const [bad, total] = [sum((one) => one.bad), sum((one) => one.total)];
    return [`${short(bad)} bad requests of ${name} (${percent(total > 0 ? bad / total : 0)})`];
  });
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
