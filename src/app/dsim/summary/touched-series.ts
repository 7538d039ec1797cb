import { formatSeries, METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import type { TouchedSeries } from '../../../engine/simulation/counterfactual/ground-truth.types.js';
import { short } from '../terminal/words.js';

/** Series named of each fault, of things as different as there are; ground-truth.json has more. */
const SHOWN = 3;

/** `+15 s`, `0/s to 11.9/s`, `http_requests_total{code="502"}`: what a fault moved first. */
export function touchedRows(
  touched: readonly TouchedSeries[],
  from: number,
  room: number,
): readonly (readonly string[])[] {
  const subjects = new Set<string>();
  const shown = touched
    .filter(({ family }) => {
      const subject = subjectOf(family);
      return !subjects.has(subject) && subjects.add(subject);
    })
    .slice(0, SHOWN);
  return shown.map((series) => [`+${Math.round(series.at - from)} s`, change(series), nameOf(series.labels, room)]);
}

/** `container_cpu` of `container_cpu_cfs_periods_total`: what is said about it says the same thing again. */
function subjectOf(family: string): string {
  return family.split('_').slice(0, 2).join('_');
}

function change({ value, without, measure }: TouchedSeries): string {
  const unit = measure === 'rate' ? '/s' : '';
  const say = (number: number | null): string => (number === null ? 'none' : `${short(number)}${unit}`);
  return `${say(value)} instead of ${say(without)}`;
}

/** Labels that a person knows a series by, most telling first; the others are in ground-truth.json. */
const TELLING = [
  'code',
  'outcome',
  'peer',
  'state',
  'mode',
  'deployment',
  'horizontalpodautoscaler',
  'node',
  'instance',
  'pod',
];

/** With as many of the telling labels as there is room for. */
function nameOf(labels: Labels, room: number): string {
  let text = labels[METRIC_NAME_LABEL]!;
  const kept = [METRIC_NAME_LABEL];
  for (const name of TELLING) {
    if (labels[name] === undefined) continue;
    // The pod says where; its address and its node would say it again.
    if (labels['pod'] !== undefined && (name === 'instance' || name === 'node')) continue;
    const longer = formatSeries(Object.fromEntries([...kept, name].map((each) => [each, labels[each]!])));
    if (longer.length > room) continue;
    kept.push(name);
    text = longer;
  }
  return text;
}
