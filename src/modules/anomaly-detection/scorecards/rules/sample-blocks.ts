import { execFile } from 'node:child_process';
import { closeSync, linkSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { METRIC_NAME_LABEL, type Labels } from '../../../../kernel/time-series.js';
import { RuleEvaluationError } from './rules.errors.js';

const execute = promisify(execFile);

/** Blocks of Prometheus end at whole multiples of two hours; promtool reads a file again for each it spans. */
export const BLOCK_MS = 7_200_000;

export interface WrittenSeries {
  readonly labels: Labels;
  /** Epoch milliseconds, ascending. */
  readonly times: ArrayLike<number>;
  /** Numbers, or as Prometheus writes them. */
  readonly values: ArrayLike<number> | ArrayLike<string>;
}

/** Makes blocks of a file of OpenMetrics. */
export async function makeBlocks(promtool: string, file: string, data: string): Promise<void> {
  mkdirSync(data, { recursive: true });
  try {
    await execute(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '-q', file, data], {
      maxBuffer: 1 << 26,
      env: {},
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const said = stderr.trim().split('\n').slice(-3).join('\n') || String(error);
    throw new RuleEvaluationError(`promtool cannot make blocks of the telemetry: ${said}`, error);
  }
}

/**
 * Makes blocks of samples. Series that no exposition can hold (odd names) are left out.
 *
 * @param folder for the text in between
 * @returns how many samples there were
 */
export async function blocksOfSamples(
  promtool: string,
  folder: string,
  data: string,
  series: Iterable<WrittenSeries>,
): Promise<number> {
  const all = [...series].filter(({ labels }) => isWritable(labels));
  const next = all.map(() => 0);
  const file = join(folder, 'samples.om');
  let written = 0;
  for (;;) {
    const first = all.reduce((least, { times }, i) => Math.min(least, times[next[i]!] ?? Infinity), Infinity);
    if (first === Infinity) return written;
    const end = (Math.floor(first / BLOCK_MS) + 1) * BLOCK_MS;
    const before = written;
    const handle = openSync(file, 'w');
    try {
      for (const [i, { labels, times, values }] of all.entries()) {
        const name = `${formatLabels(labels)} `;
        let text = '';
        let at = next[i]!;
        for (; at < times.length && times[at]! < end; at += 1) {
          const value = valueText(values[at]!);
          if (value === null) continue;
          text += `${name}${value} ${times[at]! / 1000}\n`;
          written += 1;
        }
        next[i] = at;
        if (text !== '') writeSync(handle, text);
      }
      writeSync(handle, '# EOF\n');
    } finally {
      closeSync(handle);
    }
    // promtool takes an empty file for an error.
    if (written > before) await makeBlocks(promtool, file, data);
    rmSync(file);
  }
}

/** Gives a folder the blocks of another, without copying what is in them. */
export function linkBlocks(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkBlocks(source, target);
    else linkSync(source, target);
  }
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Whether Prometheus of any version knows such names. */
export function isWritable(labels: Labels): boolean {
  return (
    NAME.test(labels[METRIC_NAME_LABEL] ?? '') &&
    Object.keys(labels).every((name) => name === METRIC_NAME_LABEL || LABEL.test(name))
  );
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels)
    .filter(([name]) => name !== METRIC_NAME_LABEL)
    .map(([name, text]) => `${name}="${text.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`))}"`);
  return `${labels[METRIC_NAME_LABEL]!}{${pairs.join(',')}}`;
}

/** Null: no sample. */
function valueText(value: number | string): string | null {
  if (typeof value === 'string') return value;
  if (Number.isNaN(value)) return null;
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
