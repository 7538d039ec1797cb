import type { SloSpec } from '../scenario.types.js';
import { sloSchema } from '../schema/scenario.schema.js';
import type { Names } from './names.types.js';
import type { SectionReader } from './section-reader.js';

export function resolveSlos(reader: SectionReader, names: Names): SloSpec[] {
  const seen = new Set<string>();
  return reader.items(['slos'], sloSchema).flatMap((slo, index) => {
    if (!slo) return [];
    if (seen.has(slo.name)) reader.report(['slos', index, 'name'], `"${slo.name}" is the name of another SLO already`);
    seen.add(slo.name);
    reader.knows(['slos', index, 'entry'], 'entry point', slo.entry, names.entries);
    const { name, entry: entryPoint, objective, latency } = slo;
    return [{ name, entryPoint, objective, latency }];
  });
}
