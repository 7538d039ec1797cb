import type { CallSpec, ServiceSpec, StoreSpec } from '../component.types.js';
import { LIMITS } from '../limits.js';
import type { Path } from '../text/tree.types.js';
import type { SectionReader } from './section-reader.js';

interface Vertex {
  readonly name: string;
  readonly path: Path;
  readonly edges: { readonly to: string; readonly calls: number; readonly async: boolean }[];
}

/** Calls that wait for each other in a chain. */
const LONGEST_CHAIN = 200;

/** Who calls whom: no request may wait for itself, and none may cause more calls than can be simulated. */
export function checkCalls(
  reader: SectionReader,
  services: readonly ServiceSpec[],
  stores: readonly StoreSpec[],
): void {
  const graph = graphOf(reader, services, stores);
  if (!checkCycles(reader, graph)) checkAmplification(reader, graph);
}

function graphOf(
  reader: SectionReader,
  services: readonly ServiceSpec[],
  stores: readonly StoreSpec[],
): Map<string, Vertex> {
  const graph = new Map<string, Vertex>();
  for (const { name } of stores.filter(({ kind }) => kind === 'queue')) {
    const edges = services.flatMap(({ name: consumer, consumes }) =>
      consumes?.queue === name ? [{ to: `${consumer}.${consumes.operation}`, calls: 1, async: true }] : [],
    );
    graph.set(`${name}.publish`, { name: `${name}.publish`, path: ['stores', name], edges });
  }
  for (const service of services) {
    for (const operation of service.operations) {
      const name = `${service.name}.${operation.name}`;
      const path = ['services', service.name, 'operations', operation.name];
      const edges = callsOf(operation.stages).map(({ component, operation: called, probability, fanOut }) => ({
        to: `${component}.${called}`,
        calls: probability * fanOut,
        async: false,
      }));
      graph.set(name, { name, path: reader.has(path) ? path : ['services', service.name], edges });
    }
  }
  return graph;
}

function callsOf(stages: readonly (readonly CallSpec[])[]): readonly CallSpec[] {
  return stages.flat().flatMap((call) => [call, ...callsOf(call.onMiss)]);
}

/** Whether a request can wait for itself; the first cycle is reported, at the operation where it was entered. */
function checkCycles(reader: SectionReader, graph: ReadonlyMap<string, Vertex>): boolean {
  const done = new Set<string>();
  let found = false;
  const visit = (vertex: Vertex, chain: readonly string[]): void => {
    if (done.has(vertex.name) || found) return;
    const position = chain.indexOf(vertex.name);
    if (position >= 0 || chain.length > LONGEST_CHAIN) {
      const cycle = [...chain.slice(Math.max(0, position)), vertex.name].join(' -> ');
      const message =
        position >= 0
          ? `a request would wait for itself: ${cycle}`
          : `calls wait for each other in a chain of more than ${LONGEST_CHAIN}`;
      reader.report(position >= 0 ? vertex.path : graph.get(chain[0]!)!.path, message, 'key');
      found = true;
      return;
    }
    for (const { to, async } of vertex.edges) {
      const next = graph.get(to);
      if (next && !async) visit(next, [...chain, vertex.name]);
    }
    done.add(vertex.name);
  };
  for (const vertex of graph.values()) visit(vertex, []);
  return found;
}

/** Mean number of calls that follow from one, messages included, by repeated substitution. */
function checkAmplification(reader: SectionReader, graph: ReadonlyMap<string, Vertex>): void {
  let caused = new Map<string, number>();
  for (let round = 0; round <= 2 * LONGEST_CHAIN; round++) {
    const next = new Map<string, number>();
    let largest = 0;
    let change = 0;
    for (const { name, path, edges } of graph.values()) {
      const calls = edges.reduce((sum, edge) => sum + edge.calls * (1 + (caused.get(edge.to) ?? 0)), 0);
      next.set(name, calls);
      change = Math.max(change, Math.abs(calls - (caused.get(name) ?? 0)));
      if (calls > LIMITS.callsPerRequest) {
        reader.report(
          path,
          `one request causes more than ${LIMITS.callsPerRequest} calls; lower fanOut or probability`,
          'key',
        );
        return;
      }
      largest = Math.max(largest, calls);
    }
    if (change <= 1e-9 * (1 + largest)) return;
    caused = next;
  }
  const endless = [...graph.values()].find(({ name }) => name.endsWith('.publish'));
  reader.report(endless?.path ?? [], 'nearly every message causes another one, without end', 'key');
}
