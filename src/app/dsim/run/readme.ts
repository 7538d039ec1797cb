import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import { FORMATS, type MetricFormatName } from './metric-formats.js';

export function readme(report: RunReport, formats: readonly MetricFormatName[]): string {
  const { scenario, run } = report;
  const metrics = formats.map((format) => `  ${FORMATS[format].file.padEnd(18)} ${FORMATS[format].about}\n`).join('');
  return `${scenario.title}
${run.seconds} simulated seconds from ${run.start}, ${run.solver} solver, seed ${run.seed}${run.complete ? '' : `, broken off: ${run.planned} s were planned`}.
The same command gives the same bytes again.

  report.json        what the run did to users and to the bill, expectations, and its course
  ground-truth.json  each fault: what, where, when, whom it harmed, which series it touched first
  logs.jsonl         log lines of the components
  events.jsonl       events of Kubernetes
  deploys.jsonl      deploys as CDEvents
${metrics}${formats.includes('openmetrics') ? PROMTOOL : ''}`;
}

const PROMTOOL = `
Look at it in your own Prometheus and Grafana:

  promtool tsdb create-blocks-from openmetrics metrics.om data
  prometheus --storage.tsdb.path=data --storage.tsdb.retention.time=100y --config.file=/dev/null

and choose the time of the run, "run.start" in report.json. To add it to a Prometheus that you have, move the folders in data/
to its storage folder; see https://prometheus.io/docs/prometheus/latest/storage/#backfilling-from-openmetrics-format.
`;
