import type { ExpectationSpec } from '../expectation.types.js';
import type { RawExpectation } from '../schema/expectation.schema.js';
import type { Path } from '../text/tree.types.js';
import type { Names } from './names.types.js';
import type { SectionReader } from './section-reader.js';

/** What expectations refer to beside the fleet. */
export interface Judged {
  readonly slos: ReadonlyMap<string, unknown>;
  readonly faults: ReadonlyMap<string, unknown>;
}

/** One expectation per measure: an item may give several of the same thing. */
export function resolveExpectations(
  reader: SectionReader,
  names: Names,
  judged: Judged,
  raw: readonly (RawExpectation | undefined)[],
): ExpectationSpec[] {
  return raw.flatMap((item, index) => {
    if (!item) return [];
    checkNames(reader, names, judged, ['expect', index], item);
    return [...ofSlo(item), ...ofService(item), ...ofEntry(item), ...ofRest(item)];
  });
}

function checkNames(
  reader: SectionReader,
  names: Names,
  { slos, faults }: Judged,
  path: Path,
  item: RawExpectation,
): void {
  const queues = new Map([...names.stores].filter(([, store]) => !store || store.kind === 'queue'));
  if (item.slo !== undefined) reader.knows([...path, 'slo'], 'SLO', item.slo, slos);
  if (item.service !== undefined) reader.knows([...path, 'service'], 'service', item.service, names.services);
  if (item.entry !== undefined) reader.knows([...path, 'entry'], 'entry point', item.entry, names.entries);
  if (item.fault !== undefined) reader.knows([...path, 'fault'], 'fault', item.fault, faults);
  if (item.queue !== undefined) reader.knows([...path, 'queue'], 'queue', item.queue, queues);
}

function* ofSlo({ slo, badRatio, budgetSpent, harm }: RawExpectation): Generator<ExpectationSpec> {
  if (slo === undefined) return;
  if (badRatio) yield { kind: 'slo', slo, measure: 'bad-ratio', bound: badRatio };
  if (budgetSpent) yield { kind: 'slo', slo, measure: 'budget-spent', bound: budgetSpent };
  if (harm) yield { kind: 'harm-duration', slo, bound: harm };
}

function* ofService({
  service,
  replicas,
  restarts,
  oomKills,
  unschedulablePods,
}: RawExpectation): Generator<ExpectationSpec> {
  if (service !== undefined) {
    for (const measure of ['min', 'max', 'mean', 'final', 'changes'] as const) {
      const bound = replicas?.[measure];
      if (bound) yield { kind: 'replicas', service, measure, bound };
    }
  }
  if (restarts) yield { kind: 'restarts', service: service ?? null, bound: restarts };
  if (oomKills) yield { kind: 'oom-kills', service: service ?? null, bound: oomKills };
  if (unschedulablePods) yield { kind: 'unschedulable-pods', service: service ?? null, bound: unschedulablePods };
}

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

function* ofEntry({ entry: entryPoint, latency, errorRatio }: RawExpectation): Generator<ExpectationSpec> {
  if (entryPoint === undefined) return;
  for (const key of ['p50', 'p90', 'p95', 'p99', 'p999'] as const) {
    const bound = latency?.[key];
    if (bound) yield { kind: 'latency', entryPoint, quantile: QUANTILES[key], bound };
  }
  if (errorRatio) yield { kind: 'error-ratio', entryPoint, bound: errorRatio };
}

function* ofRest({
  fault,
  recovery,
  detection,
  queue,
  lag,
  cost,
  incidents,
}: RawExpectation): Generator<ExpectationSpec> {
  if (fault !== undefined && recovery) yield { kind: 'recovery', fault, bound: recovery };
  if (fault !== undefined && detection) yield { kind: 'detection', fault, bound: detection };
  if (queue !== undefined && lag?.max) yield { kind: 'consumer-lag', queue, measure: 'max', bound: lag.max };
  if (queue !== undefined && lag?.final) yield { kind: 'consumer-lag', queue, measure: 'final', bound: lag.final };
  if (cost) yield { kind: 'cost', bound: cost };
  if (incidents) yield { kind: 'incidents', bound: incidents };
}
