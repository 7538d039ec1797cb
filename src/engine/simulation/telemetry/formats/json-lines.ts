import type { DeployEventRecord, EventRecord, LogRecord } from '../telemetry.types.js';
import { append, type ChunkedText, flush, type TextSink } from './exposition.js';
import type { RunBlock } from './run-block.js';

/**
 * A block of a run in the format of VictoriaMetrics' `/api/v1/export` and `/api/v1/import`: one line per series,
 * `{"metric":{...},"values":[...],"timestamps":[...]}`, times in epoch milliseconds.
 */
export function writeJsonLinesBlock(block: RunBlock, write: TextSink): void {
  const chunked: ChunkedText = { text: '', write };
  for (const { name } of block.families) {
    for (const series of block.series.get(name) ?? []) {
      let values = '';
      let timestamps = '';
      for (let i = series.from; i < series.to; i++) {
        const value = block.value(series, i);
        if (Number.isNaN(value)) continue;
        const comma = values === '' ? '' : ',';
        values += comma + formatJsonValue(value);
        timestamps += comma + String(block.times[i]!);
      }
      if (values === '') continue;
      const metric = JSON.stringify(series.descriptor.labels);
      append(chunked, `{"metric":${metric},"values":[${values}],"timestamps":[${timestamps}]}\n`);
    }
  }
  flush(chunked);
}

/** JSON has no infinity: VictoriaMetrics writes it as text. */
function formatJsonValue(value: number): string {
  return Number.isFinite(value) ? String(value) : value > 0 ? '"Infinity"' : '"-Infinity"';
}

/** A log line as one JSON line: time in RFC 3339, severity, the line itself, labels. */
export function formatLogLine({ time, severity, line, labels }: LogRecord): string {
  return `${JSON.stringify({ time: new Date(time).toISOString(), severity, line, labels })}\n`;
}

/** An event as Kubernetes stores it (API group events.k8s.io/v1), one line. */
export function formatEventLine(event: EventRecord): string {
  const time = new Date(event.time).toISOString();
  const apiVersion = API_VERSIONS[event.kind] ?? 'v1';
  return `${JSON.stringify({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${event.name}.${event.time.toString(16)}`, namespace: event.namespace },
    eventTime: time,
    type: event.type,
    reason: event.reason,
    note: event.message,
    regarding: { apiVersion, kind: event.kind, name: event.name, namespace: event.namespace },
    cluster: event.cluster,
  })}\n`;
}

const API_VERSIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  ScaledObject: 'keda.sh/v1alpha1',
};

/** A deploy event in the structured mode of CloudEvents, one line. */
export function formatDeployLine({ cloudEvent }: DeployEventRecord): string {
  return `${JSON.stringify(cloudEvent)}\n`;
}
