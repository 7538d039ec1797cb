import type { RunReport } from '../../../engine/simulation/report/report.types.js';
import { productVersion } from '../version.js';
import { FORMATS, type MetricFormatName } from './metric-formats.js';

/** What stands where in the folder, and how to look at it. */
export function readme(report: RunReport, formats: readonly MetricFormatName[], command: string): string {
  const { scenario, run } = report;
  const paths = formats.map((format) => FORMATS[format]);
  const metrics = paths.map(({ path, fileOfBlock, about }) => line(fileOfBlock ? `${path}/` : path, about)).join('');
  const end = new Date(Date.parse(run.start) + run.seconds * 1000).toISOString();
  return `${scenario.title}

  from     ${run.start}
  to       ${end}${run.complete ? '' : ` (broken off: ${run.planned} s were planned)`}
  made by  dsim ${productVersion()}, the same bytes again with:
           ${command}

${line('report.json', 'what the run did to users and to the bill, expectations, and its course')}${line('ground-truth.json', 'each fault: what, where, when, whom it harmed, which series it touched first')}${line('logs.jsonl', 'log lines of the components, with their labels')}${line('events.jsonl', 'events of Kubernetes')}${line('deploys.jsonl', 'deploys as CDEvents')}${metrics}${formats.includes('openmetrics') ? prometheus(run.start, end) : ''}${formats.includes('jsonl') ? VICTORIA_METRICS : ''}`;
}

function line(name: string, about: string): string {
  return `  ${name.padEnd(18)} ${about}\n`;
}

function prometheus(start: string, end: string): string {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const expression = encodeURIComponent('sum by (service) (rate(http_requests_total[5m]))');
  const graph = `g0.expr=${expression}&g0.tab=0&g0.range_input=${Math.ceil((to - from) / 1000)}s`;
  return `
LOOK AT IT IN PROMETHEUS

In this folder (promtool comes with Prometheus):

  for file in openmetrics/*.om; do promtool tsdb create-blocks-from openmetrics "$file" data; done
  echo 'global: {}' > prometheus.yml
  prometheus --config.file=prometheus.yml --storage.tsdb.path=data --storage.tsdb.retention.time=100y

and open (queries must ask for the time of the run, not for now)

  http://localhost:9090/graph?${graph}&g0.end_input=${encodeURIComponent(end.slice(0, 19).replace('T', ' '))}

To add the run to a Prometheus that you have, move the folders in data/ to its storage folder and start it again. Its
retention must reach back to the run, or it deletes it.

ONE EXPRESSION OF YOUR ALERT RULES OVER ALL OF IT

  promtool query range --start=${from / 1000} --end=${to / 1000} --step=15s http://localhost:9090 'EXPRESSION'

LOOK AT IT IN GRAFANA

Add a data source of type Prometheus with the address http://localhost:9090, and open your dashboards with this time range:

  ?from=${from}&to=${to}
`;
}

const VICTORIA_METRICS = `
LOOK AT IT IN VICTORIAMETRICS

  curl -T metrics.jsonl http://localhost:8428/api/v1/import
`;
