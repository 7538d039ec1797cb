type PlainObject = Record<string, unknown>;

export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `over` wins key by key; lists and scalars replace, they are not joined. */
export function mergeDeep(base: PlainObject, over: PlainObject): PlainObject {
  const merged: PlainObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const existing = merged[key];
    merged[key] = isPlainObject(existing) && isPlainObject(value) ? mergeDeep(existing, value) : value;
  }
  return merged;
}

export function valueIn(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as PlainObject)[part];
  }
  return value;
}

export function setIn(root: PlainObject, path: readonly string[], value: unknown): void {
  let target = root;
  for (const part of path.slice(0, -1)) {
    const next = target[part];
    if (isPlainObject(next)) target = next;
    else target = (target[part] = {}) as PlainObject;
  }
  target[path.at(-1)!] = value;
}

/** Freezes plain objects and lists all the way down; other objects (a Buffer, a RegExp) stay as they are. */
export function freezeDeep<T>(value: T): T {
  if (Array.isArray(value)) value.forEach(freezeDeep);
  else if (isPlainObject(value)) Object.values(value).forEach(freezeDeep);
  else return value;
  return Object.freeze(value);
}
