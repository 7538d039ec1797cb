import type { CallSpec } from '../component.types.js';
import { LIMITS } from '../limits.js';
import type { RawCall, RawStage } from '../schema/call.schema.js';
import type { Path } from '../text/tree.types.js';
import type { Names } from './names.types.js';
import { resolveOperation } from './resolve-operation.js';
import type { SectionReader } from './section-reader.js';

type Stages = readonly (readonly CallSpec[])[];

export function resolveStages(reader: SectionReader, names: Names, path: Path, stages: readonly RawStage[]): Stages {
  return stages.flatMap((stage, index) => resolveStage(reader, names, [...path, index], stage));
}

/** A call with `sequential` becomes a stage for each of its copies. */
function resolveStage(reader: SectionReader, names: Names, path: Path, { calls, parallel }: RawStage): Stages {
  if (parallel) {
    const all = calls.flatMap((call, index) => {
      const at = [...path, 'parallel', index];
      if (call.sequential)
        reader.report([...at, 'sequential'], 'calls of `parallel` are made at once; move it out of it');
      return resolveCall(reader, names, at, call) ?? [];
    });
    return all.length > 0 ? [all] : [];
  }
  return calls.flatMap((call) => {
    const resolved = resolveCall(reader, names, path, call);
    if (!resolved) return [];
    if (!call.sequential) return [[resolved]];
    if (call.fanOut > LIMITS.sequentialCalls)
      return reader.report([...path, 'fanOut'], `must be at most ${LIMITS.sequentialCalls} with \`sequential\``) ?? [];
    const stage = [{ ...resolved, fanOut: 1 }];
    return Array.from({ length: call.fanOut }, () => stage);
  });
}

function resolveCall(reader: SectionReader, names: Names, path: Path, call: RawCall): CallSpec | undefined {
  const short = typeof reader.plain(path) === 'string';
  const at = short ? path : [...path, 'call'];
  const target = resolveOperation(reader, names, at, call.call);
  const onMiss = resolveStages(reader, names, [...path, 'onMiss'], call.onMiss);
  if (!target) return undefined;
  const store = names.stores.get(target.component);
  if (call.onMiss.length > 0 && store?.kind !== 'cache' && (store || names.services.has(target.component)))
    return reader.report([...path, 'onMiss'], `only a cache can miss, and "${target.component}" is none`, 'key');
  const { probability, fanOut, timeout, retries, breaker, pool, optional } = call;
  return { ...target, probability, fanOut, timeout, retries, breaker, pool, optional, onMiss };
}
