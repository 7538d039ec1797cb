import { formatSeries, METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import type { FaultTruth } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import type { FaultReport, RunReport } from '../../../engine/simulation/report/report.types.js';
import type { RunClock } from '../terminal/local-time.js';
import type { Terminal } from '../terminal/terminal.js';
import { spell } from '../terminal/words.js';

/** Series named of each fault; ground-truth.json has more. */
const SHOWN = 3;

export function faultLines(
  { faults }: RunReport,
  truth: readonly FaultTruth[] | null,
  clock: RunClock,
  { style, columns }: Terminal,
): string {
  if (faults.length === 0) return '';
  const lines = faults.map((fault) => {
    const when = `${clock.local(fault.from)}, ${fault.to === null ? 'not over' : `for ${spell(fault.to - fault.from)}`}`;
    const head = `  ${fault.name} ${style.dim(`(${fault.kind}, ${fault.where})`)}: ${when}; ${harm(fault)}\n`;
    const touched = truth?.find(({ name }) => name === fault.name)?.touched.slice(0, SHOWN) ?? [];
    return head + touched.map((series) => `    ${style.dim(touchedLine(series, fault, columns))}\n`).join('');
  });
  return `${style.bold('Faults')}\n${lines.join('')}`;
}

function harm({ harmedAt, secondsToHarm, recoveredAt, secondsToRecover, to }: FaultReport): string {
  if (harmedAt === null) return 'nobody was harmed';
  const begun = `users harmed after ${spell(secondsToHarm ?? 0)}`;
  if (recoveredAt === null) return `${begun}, not well again${to === null ? '' : ' until the end of the run'}`;
  return `${begun}, well again ${secondsToRecover === 0 ? 'when it ended' : `${spell(secondsToRecover ?? 0)} after its end`}`;
}

function touchedLine(series: FaultTruth['touched'][number], { from }: FaultReport, columns: number): string {
  const name = formatSeries(tellingLabels(series.labels));
  const change = valueChange(series);
  const text = `+${Math.round(series.at - from)} s  ${name}`;
  const room = Math.max(30, columns - change.length - 8);
  return `${text.length > room ? `${text.slice(0, room - 3)}...` : text}  ${change}`;
}

function valueChange({ value, without, measure }: FaultTruth['touched'][number]): string {
  const unit = measure === 'rate' ? '/s' : '';
  return `${say(value)}${unit} instead of ${say(without)}${unit}`;
}

function say(value: number | null): string {
  return value === null ? 'none' : Number(value.toPrecision(3)).toString();
}

/** Labels that a person knows a series by, most telling first; the others are in ground-truth.json. */
const TELLING = [
  'pod',
  'instance',
  'node',
  'deployment',
  'horizontalpodautoscaler',
  'peer',
  'outcome',
  'code',
  'state',
  'mode',
];

function tellingLabels(labels: Labels): Labels {
  const names = TELLING.filter((name) => labels[name] !== undefined);
  // The pod says where; its address and its node would say it again.
  const kept = names.filter((name) => !['instance', 'node'].includes(name) || labels['pod'] === undefined).slice(0, 3);
  return Object.fromEntries([METRIC_NAME_LABEL, ...kept].map((name) => [name, labels[name] ?? '']));
}
