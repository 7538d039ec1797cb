import { hash } from 'node:crypto';
import { METRIC_NAME_LABEL, type Labels } from '../../../kernel/time-series.js';
import { InvalidSeriesError } from '../telemetry.errors.js';

/** In UTF-8 bytes. The name is part of an index, whose entries PostgreSQL limits to about 2,700 bytes. */
export const MAX_METRIC_NAME_BYTES = 1024;

export interface SeriesIdentity {
  /** First 128 bits of the SHA-256 of the canonical labels, in hex. The same labels have the same hash for ever. */
  readonly hash: string;
  readonly metricName: string;
}

/**
 * Identity of a label set: labels sorted by name in code-unit order, names and values separated by NUL, which
 * neither may hold (PostgreSQL cannot store it). A derived series is set apart by its source, so that received series
 * of the same labels are others: no label name is empty, hence nothing received begins with NUL.
 */
export function identifySeries(labels: Labels, derivedFrom?: number): SeriesIdentity {
  const metricName = labels[METRIC_NAME_LABEL];
  if (!metricName) throw new InvalidSeriesError(labels, 'it has no metric name (label __name__)');
  const nameBytes = Buffer.byteLength(metricName);
  if (nameBytes > MAX_METRIC_NAME_BYTES) {
    throw new InvalidSeriesError(
      labels,
      `its metric name has ${nameBytes} bytes, at most ${MAX_METRIC_NAME_BYTES} are accepted`,
    );
  }
  let canonical = derivedFrom === undefined ? '' : `\0${derivedFrom}\0`;
  for (const name of Object.keys(labels).sort()) {
    const value = labels[name]!;
    if (name === '') throw new InvalidSeriesError(labels, 'a label has an empty name');
    // An empty value and a missing label are the same thing in the Prometheus data model.
    if (value === '') continue;
    canonical += `${name}\0${value}\0`;
    if (name.includes('\0') || value.includes('\0'))
      throw new InvalidSeriesError(labels, `label ${name} holds a NUL character`);
  }
  return { hash: hash('sha256', canonical, 'hex').slice(0, 32), metricName };
}

/** Labels as they are stored: without empty ones. */
export function withoutEmptyLabels(labels: Labels): Labels {
  for (const name in labels) {
    if (labels[name] === '') return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
  }
  return labels;
}
