import { escapeLabel } from '../../../engine/simulation/telemetry/formats/exposition.js';
import { formatValue } from '../../../engine/simulation/telemetry/formats/numbers.js';
import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';

export interface RecordedSample {
  readonly labels: Labels;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly value: number;
}

const HELP: Readonly<Record<string, string>> = {
  anomaly_score: 'How far the series is from what was expected of it; above 1 it is out of its band.',
  y: 'What was scored: the value, or the rate of a counter per second.',
  yhat: 'What was expected.',
  yhat_lower: 'Lower end of the band.',
  yhat_upper: 'Upper end of the band.',
};

/** Samples in Prometheus' text format 0.0.4, families together and in order of their names. */
export function formatAnomalyMetrics(samples: readonly RecordedSample[], timestamps: boolean): string {
  const families = new Map<string, string[]>();
  for (const { labels, time, value } of samples) {
    const name = classicName(labels[METRIC_NAME_LABEL] ?? '', true);
    const line = `${name}${labelsOf(labels)} ${formatValue(value)}${timestamps ? ` ${time}` : ''}\n`;
    const known = families.get(name);
    if (known === undefined) families.set(name, [line]);
    else known.push(line);
  }
  const names = [...families.keys()].sort();
  return names.map((name) => `${headOf(name)}${families.get(name)!.sort().join('')}`).join('');
}

function headOf(name: string): string {
  const help = HELP[name];
  return `${help === undefined ? '' : `# HELP ${name} ${help}\n`}# TYPE ${name} gauge\n`;
}

function labelsOf(labels: Labels): string {
  const pairs = Object.keys(labels)
    .filter((label) => label !== METRIC_NAME_LABEL)
    .sort()
    .map((label) => `${classicName(label, false)}="${escapeLabel(labels[label]!)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Names beyond the classic letters as Prometheus' `escaping=underscores` writes them. */
function classicName(name: string, colons: boolean): string {
  const plain = name.replace(colons ? /[^a-zA-Z0-9_:]/g : /[^a-zA-Z0-9_]/g, '_');
  return /^[0-9]/.test(plain) ? `_${plain}` : plain;
}
