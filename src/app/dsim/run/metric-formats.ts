import { writeJsonLinesBlock } from '../../../engine/simulation/telemetry/formats/json-lines.js';
import { OPEN_METRICS_END } from '../../../engine/simulation/telemetry/formats/open-metrics.js';
import { writeOpenMetricsBlock } from '../../../engine/simulation/telemetry/formats/open-metrics-run.js';
import { writePrometheusBlock } from '../../../engine/simulation/telemetry/formats/prometheus-run.js';
import type { RunBlock } from '../../../engine/simulation/telemetry/formats/run-block.js';

export const METRIC_FORMATS = ['json', 'jsonl', 'prom', 'openmetrics'] as const;

export type MetricFormatName = (typeof METRIC_FORMATS)[number];

/** How a format writes the blocks of a run (two hours or less each), one after another. */
export interface MetricFormat {
  /** The file; where each block is a file of its own, their folder. */
  readonly path: string;
  readonly fileOfBlock?: (index: number) => string;
  readonly about: string;
  readonly begin: string;
  writeBlock(block: RunBlock, write: (text: string) => void): void;
  readonly end: string;
}

export const FORMATS: Readonly<Record<MetricFormatName, MetricFormat>> = {
  openmetrics: {
    // OpenMetrics wants each family once in a file, and promtool reads a file again for each block it makes of it.
    path: 'openmetrics',
    fileOfBlock: (index) => `${String(index).padStart(4, '0')}.om`,
    about: 'every scrape in OpenMetrics text, a file for each two hours',
    begin: '',
    writeBlock: (block, write) => writeOpenMetricsBlock(block, write, { end: false }),
    end: OPEN_METRICS_END,
  },
  prom: {
    path: 'metrics.prom',
    about: "every scrape in Prometheus' text format, with times",
    begin: '',
    writeBlock: writePrometheusBlock,
    end: '',
  },
  jsonl: {
    path: 'metrics.jsonl',
    about: "a series and two hours a line, as VictoriaMetrics' /api/v1/import takes it",
    begin: '',
    writeBlock: writeJsonLinesBlock,
    end: '',
  },
  json: {
    path: 'metrics.json',
    about: 'the same as one JSON array',
    begin: '[',
    writeBlock: writeJsonItems,
    end: '\n]\n',
  },
};

/** The lines as items of an array; the first of them has no comma before it. */
function writeJsonItems(block: RunBlock, write: (text: string) => void): void {
  let first = block.index === 0;
  writeJsonLinesBlock(block, (lines) => {
    write((first ? '\n' : ',\n') + lines.trimEnd().replaceAll('\n', ',\n'));
    first = false;
  });
}
