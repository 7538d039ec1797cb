import type { Path } from '../text/tree.types.js';
import { hint } from '../text/suggest.js';
import { operationsOf, STORE_OPERATIONS, type Names } from './names.types.js';
import type { SectionReader } from './section-reader.js';

export interface OperationName {
  readonly component: string;
  readonly operation: string;
}

/** `cart.read`, or `cart` where it has one operation only. Undefined where that is nothing that can be called. */
export function resolveOperation(
  reader: SectionReader,
  names: Names,
  path: Path,
  text: string,
  which: 'service' | 'service or store' = 'service or store',
): OperationName | undefined {
  const [component = '', given] = text.split('.', 2);
  const isStore = which !== 'service' && names.stores.has(component);
  if (!names.services.has(component) && !isStore) {
    const stores = which === 'service' ? [] : names.stores.keys();
    reader.knows(path, which, component, { has: () => false, keys: () => [...names.services.keys(), ...stores] });
    return undefined;
  }
  const operations = operationNames(names, component);
  if (operations === undefined) return { component, operation: given ?? '' };
  if (given !== undefined && operations.includes(given)) return { component, operation: given };
  if (given === undefined && operations.length === 1) return { component, operation: operations[0]! };
  return given === undefined
    ? reader.report(path, `say which operation: ${operations.map((each) => `${component}.${each}`).join(', ')}`)
    : reader.report(path, `"${component}" has no operation "${given}"${hint(given, operations)}`);
}

/** Undefined: the component cannot be read. */
function operationNames({ services, stores }: Names, component: string): readonly string[] | undefined {
  if (services.has(component)) {
    const service = services.get(component);
    return service && operationsOf(service);
  }
  const store = stores.get(component);
  return store && STORE_OPERATIONS[store.kind];
}
