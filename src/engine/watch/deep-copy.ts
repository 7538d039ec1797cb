/**
 * A copy of plain data and of instances of plain classes, to any depth; what is shared stays shared. For typed arrays,
 * Maps, Sets, arrays and objects without private (`#`) fields; functions are taken over as they are.
 */
export function deepCopy<T>(value: T, copies = new Map<object, object>()): T {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known as T;
  return copyObject(value, copies) as T;
}

function copyObject(value: object, copies: Map<object, object>): object {
  const keep = <C extends object>(copy: C): C => {
    copies.set(value, copy);
    return copy;
  };
  if (ArrayBuffer.isView(value)) return keep((value as Uint8Array).slice());
  if (Array.isArray(value)) {
    const copy = keep(new Array<unknown>(value.length));
    for (let i = 0; i < value.length; i += 1) copy[i] = deepCopy(value[i] as unknown, copies);
    return copy;
  }
  if (value instanceof Map) {
    const copy = keep(new Map<unknown, unknown>());
    for (const [key, entry] of value as Map<unknown, unknown>) copy.set(deepCopy(key, copies), deepCopy(entry, copies));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set<unknown>());
    for (const entry of value as Set<unknown>) copy.add(deepCopy(entry, copies));
    return copy;
  }
  const copy = keep(Object.create(Object.getPrototypeOf(value) as object | null) as Record<string, unknown>);
  for (const [key, entry] of Object.entries(value)) copy[key] = deepCopy(entry as unknown, copies);
  return copy;
}
