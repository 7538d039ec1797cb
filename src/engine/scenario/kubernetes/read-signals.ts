import type { Names } from '../resolve/names.types.js';
import type { SectionReader } from '../resolve/section-reader.js';
import type { SignalSpec } from '../scenario.types.js';
import { signalSchema, type RawSignal } from '../schema/scenario.schema.js';
import { shown } from '../schema/advice.js';
import { hint } from '../text/suggest.js';
import type { Path } from '../text/tree.types.js';
import type { WantedMetric } from './wanted-metrics.js';

type ServiceSignal = Extract<SignalSpec, { readonly service: string }>['signal'];
const OF_SERVICE: readonly ServiceSignal[] = [
  'request-rate',
  'request-rate-per-pod',
  'in-flight-per-pod',
  'latency-p99',
  'error-ratio',
];

/** The `signals` of a scenario: what the metrics of autoscalers stand for. */
export interface SignalTable {
  /** Bindings of one autoscaler; a metric without one is reported with the cure. */
  bind(wanted: readonly WantedMetric[], service: string): Record<string, SignalSpec>;
  /** A binding that nobody asks for is a typo. */
  reportUnused(): void;
}

export function readSignals(reader: SectionReader, names: Names): SignalTable {
  const raw = reader.entries(['signals'], signalSchema);
  const used = new Set<string>();
  const asked = new Set<string>();
  return {
    bind(wanted, service) {
      const bindings: [string, SignalSpec][] = [];
      for (const metric of wanted) {
        if (metric.impossible !== undefined) {
          reader.report(metric.path, metric.impossible);
          continue;
        }
        const keys = [metric.key, ...metric.aliases];
        keys.forEach((key) => asked.add(key));
        const name = keys.find((key) => raw.has(key));
        if (name === undefined) reader.report(metric.path, unbound(metric.key, service));
        else used.add(name);
        const signal = name === undefined ? undefined : raw.get(name);
        const resolved =
          signal === undefined ? undefined : resolveSignal(reader, names, ['signals', name!], signal, service);
        if (resolved) bindings.push([metric.key, resolved]);
      }
      return Object.fromEntries(bindings);
    },
    reportUnused() {
      for (const name of raw.keys())
        if (!used.has(name)) reader.report(['signals', name], `no autoscaler asks for it${hint(name, asked)}`, 'key');
    },
  };
}

function unbound(metric: string, service: string): string {
  return `the simulation does not know the value of ${shown(metric)}; bind it under \`signals\`: ${JSON.stringify(metric).slice(0, 200)}: request-rate-per-pod of ${service}`;
}

function resolveSignal(
  reader: SectionReader,
  names: Names,
  path: Path,
  raw: RawSignal,
  service: string,
): SignalSpec | undefined {
  if (typeof raw === 'number') return { signal: 'constant', value: raw };
  if (typeof raw === 'string') {
    const [signal = '', of] = raw.split(/\s+of\s+/, 2);
    return named(reader, names, path, { signal: signal.trim(), service: of, queue: of }, service);
  }
  if (raw.signal !== 'constant') return named(reader, names, path, raw, service);
  return raw.value === undefined
    ? reader.report(path, '`constant` needs a `value`')
    : { signal: 'constant', value: raw.value };
}

function named(
  reader: SectionReader,
  names: Names,
  path: Path,
  {
    signal,
    service,
    queue,
  }: { readonly signal: string; readonly service?: string | undefined; readonly queue?: string | undefined },
  otherwise: string,
): SignalSpec | undefined {
  if (signal === 'consumer-lag') {
    const consumed = names.services.get(service ?? otherwise)?.consumes;
    const name = queue ?? (typeof consumed === 'string' ? consumed : consumed?.queue);
    if (name === undefined) return reader.report(path, 'say of which queue: consumer-lag of orders');
    const queues = new Map([...names.stores].filter(([, store]) => !store || store.kind === 'queue'));
    return reader.knows(path, 'queue', name, queues) ? { signal: 'consumer-lag', queue: name } : undefined;
  }
  const known = OF_SERVICE.find((each) => each === signal);
  if (!known)
    return reader.report(path, `there is no signal ${shown(signal)}${hint(signal, [...OF_SERVICE, 'consumer-lag'])}`);
  const name = service ?? otherwise;
  return reader.knows(path, 'service', name, names.services) ? { signal: known, service: name } : undefined;
}
