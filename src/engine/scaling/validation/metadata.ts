import type { FieldReader, RawObject } from './field-reader.js';

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** `metadata` as far as scaling needs it; `default` is the namespace when none is given. */
export function readMetadata(fields: FieldReader, document: RawObject): ObjectMetadata {
  const raw = document.metadata;
  const metadata = (typeof raw === 'object' && raw !== null ? raw : {}) as RawObject;
  const name = fields.name('metadata.name', metadata.name, 'name or generateName is required') ?? '';
  const namespace = fields.string('metadata.namespace', metadata.namespace) ?? 'default';
  const annotations: Record<string, string> = {};
  for (const [key, value] of Object.entries((metadata.annotations ?? {}) as RawObject)) {
    if (typeof value === 'string') annotations[key] = value;
    else fields.invalid(`metadata.annotations[${key}]`, value, 'must be of type string: put it in quotes');
  }
  return { name, namespace, annotations };
}

/** Whether the document is of this kind; a nearby version is named with what to do about it. */
export function checkKind(
  fields: FieldReader,
  document: RawObject,
  expected: { readonly apiVersion: string; readonly kind: string; readonly hints: Readonly<Record<string, string>> },
): boolean {
  if (document.kind !== expected.kind) {
    fields.invalid('kind', document.kind ?? null, `must be ${expected.kind}`);
    return false;
  }
  if (document.apiVersion === expected.apiVersion) return true;
  const hint = expected.hints[String(document.apiVersion)];
  fields.invalid('apiVersion', document.apiVersion ?? null, `must be ${expected.apiVersion}${hint ? `: ${hint}` : ''}`);
  return false;
}
