import type { FieldReader, RawObject } from '../validation/field-reader.js';
import type { CrossVersionObjectReference } from './hpa.types.js';

/** A reference to an object of the same namespace. Source: validation.go, ValidateCrossVersionObjectReference. */
export function readReference(
  fields: FieldReader,
  path: string,
  value: unknown,
): CrossVersionObjectReference | undefined {
  const raw: RawObject = fields.object(path, value, ['apiVersion', 'kind', 'name']) ?? {};
  const apiVersion = fields.string(`${path}.apiVersion`, raw.apiVersion);
  const kind = fields.name(`${path}.kind`, raw.kind);
  const name = fields.name(`${path}.name`, raw.name);
  return kind && name ? { apiVersion, kind, name } : undefined;
}
