import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import type { LabelLimits } from './decoded-write.js';
import { InvalidWriteRequestError, SeriesRefusedError } from './remote-write.errors.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of bytes [from, to). Throws InvalidWriteRequestError where they are no UTF-8. */
export function readText(bytes: Uint8Array, from: number, to: number, where: string): string {
  try {
    return utf8.decode(bytes.subarray(from, to));
  } catch {
    throw new InvalidWriteRequestError(where, 'text is not valid UTF-8');
  }
}

/** Collects the labels of one new series and checks them against the Prometheus data model and our limits. */
export class LabelSetBuilder {
  private readonly pairs: [name: string, value: string][] = [];

  constructor(
    private readonly bytes: Uint8Array,
    private readonly where: string,
    private readonly limits: LabelLimits,
  ) {}

  add(nameFrom: number, nameTo: number, valueFrom: number, valueTo: number): void {
    if (nameTo - nameFrom > this.limits.maxLabelNameBytes) {
      throw this.invalid(
        `a label name has ${nameTo - nameFrom} bytes, at most ${this.limits.maxLabelNameBytes} are accepted`,
      );
    }
    const name = this.text(nameFrom, nameTo);
    if (name === '') throw this.invalid('a label has no name');
    if (name === METRIC_NAME_LABEL && valueTo - valueFrom > this.limits.maxMetricNameBytes) {
      throw new SeriesRefusedError(
        this.where,
        `the metric name (label __name__) has ${valueTo - valueFrom} bytes, at most ${this.limits.maxMetricNameBytes} are accepted.`,
      );
    }
    if (valueTo - valueFrom > this.limits.maxLabelValueBytes) {
      throw this.invalid(
        `the value of label "${name}" has ${valueTo - valueFrom} bytes, at most ${this.limits.maxLabelValueBytes} are accepted`,
      );
    }
    this.pairs.push([name, this.text(valueFrom, valueTo)]);
    // An empty value means "no such label" in Prometheus, but it still counts as sent.
    if (this.pairs.length > this.limits.maxLabelsPerSeries) {
      throw this.invalid(`more than ${this.limits.maxLabelsPerSeries} labels; drop some with write_relabel_configs`);
    }
  }

  build(): Labels {
    const sorted = this.pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    for (let i = 1; i < sorted.length; i++) {
      if (sorted[i]![0] === sorted[i - 1]![0]) throw this.invalid(`label "${sorted[i]![0]}" occurs twice`);
    }
    const labels = Object.fromEntries(sorted.filter(([, value]) => value !== ''));
    if (labels[METRIC_NAME_LABEL] === undefined) throw this.invalid('the label __name__ (the metric name) is missing');
    return labels;
  }

  private text(from: number, to: number): string {
    const text = readText(this.bytes, from, to, this.where);
    // PostgreSQL's text cannot hold it, and no real label does.
    if (text.includes('\0')) throw this.invalid('a label contains the character U+0000');
    return text;
  }

  private invalid(what: string): InvalidWriteRequestError {
    return new InvalidWriteRequestError(this.where, what);
  }
}
